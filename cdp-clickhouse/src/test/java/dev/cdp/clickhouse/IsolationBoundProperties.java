package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import dev.cdp.core.catalog.PartitionKey;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.sink.SinkResult.Rejection;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/** The search for guilty rows, against a server that refuses a block when it holds one of them. */
final class IsolationBoundProperties {

    private static final TableDefinition TABLE =
            new TableDefinition("d", "t", List.of(), List.of("event_time"), PartitionKey.MONTHLY, null);
    private static final ServerTable SERVER = new ServerTable(
            UUID.randomUUID(),
            "MergeTree",
            "",
            "",
            "",
            1,
            1,
            Long.MAX_VALUE,
            "",
            List.of(),
            List.of(new ServerTable.Constraint("c", "event_version < 5")));

    @Property
    void exactlyTheGuiltyRowsAreFoundInAtMostTwiceGuiltyTimesTheLogarithmOfRuns(
            @ForAll @IntRange(min = 1, max = 5000) int rows,
            @ForAll @Size(max = 8) Set<@IntRange(max = 4999) Integer> anywhere)
            throws Exception {
        Set<Integer> guilty = new TreeSet<>();
        anywhere.forEach(row -> guilty.add(row % rows));
        if (rows > 100 && guilty.size() * 100 > rows) {
            return;
        }
        RefusingPort port = new RefusingPort(guilty);

        List<Rejection> found =
                PoisonIsolation.isolate(new DryRun(port, InsertSettings.basic(), SERVER), TABLE, rows(rows));

        assertThat(found)
                .extracting(Rejection::offset)
                .containsExactlyElementsOf(guilty.stream().map(Long::valueOf).toList());
        assertThat(found)
                .allSatisfy(rejection -> assertThat(rejection.message())
                        .isEqualTo("column event_version is UInt32: the constraint c of table d.t refuses the row"));
        int depth = 32 - Integer.numberOfLeadingZeros(rows - 1);
        assertThat(port.ranges).as("dry runs").hasSizeLessThanOrEqualTo(2 * guilty.size() * depth + 1);
    }

    private static EncodedRows rows(int count) {
        EncodedRows rows = new EncodedRows(new RowBuffer(16));
        for (int i = 0; i < count; i++) {
            rows.begin(i);
            rows.buffer().int8(i);
        }
        return rows;
    }

    private static final class RefusingPort implements InsertPort {

        private final Set<Integer> guilty;
        private final List<Tuple.Tuple2<Integer, Integer>> ranges = new ArrayList<>();

        RefusingPort(Set<Integer> guilty) {
            this.guilty = guilty;
        }

        @Override
        public void insert(String sql, Map<String, String> settings, String queryId, RowRange range)
                throws ServerErrorException {
            ranges.add(Tuple.of(range.from(), range.to()));
            if (guilty.stream().anyMatch(row -> row >= range.from() && row < range.to())) {
                throw new ServerErrorException(395, "Code: 395. DB::Exception: _cdp_dry_0_refuses: while executing");
            }
        }

        @Override
        public void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block) {
            throw new AssertionError("a dry run is of rows");
        }

        @Override
        public String query(String sql) {
            throw new AssertionError("no query is needed");
        }
    }
}
