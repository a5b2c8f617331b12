package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.cdp.core.sink.BatchWriter;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.EventsNeededException;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.core.sink.SinkResult.Rejection;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Only the guilty rows leave a batch, and what is not the rows' fault is never blamed on them. */
@CdpTest
final class PoisonIsolationTest {

    private final Fixture fixture;

    PoisonIsolationTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    @Test
    void threeGuiltyRowsOfTenThousandAreRejectedWithTheirColumnAndTheOthersAreStored() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.clicked ADD CONSTRAINT no_secret CHECK label != 'secret'");
            Set<Long> guilty = Set.of(0L, 4711L, 9999L);
            EventBatch batch = clicks(10_000, guilty);

            SinkResult first = sink.write(batch);
            assertThat(first.accepted()).isZero();
            assertThat(first.rejected())
                    .extracting(Rejection::offset)
                    .containsExactlyElementsOf(List.of(0L, 4711L, 9999L));
            assertThat(first.rejected()).allSatisfy(rejection -> {
                assertThat(rejection.path()).isEqualTo("/label");
                assertThat(rejection.message())
                        .isEqualTo("column label is Nullable(String): the constraint no_secret of table "
                                + fixture.table("clicked") + " refuses the row")
                        .doesNotContain("secret'");
            });
            assertThat(fixture.query("SELECT count() FROM {db}.clicked")).isEqualTo("0");

            EventBatch rest = without(batch, guilty);
            assertThat(sink.write(rest)).isEqualTo(SinkResult.stored(9_997));
            assertThat(sink.write(rest)).isEqualTo(SinkResult.stored(9_997));
            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked"))
                    .isEqualTo("9997\t9997");
        }
    }

    /** Of a batch that forms only the rows are kept, as columns: which of them is guilty, its events have to tell. */
    @Test
    void aBatchThatFormedAsksForItsEventsBeforeItBlamesOne() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.clicked ADD CONSTRAINT no_secret CHECK label != 'secret'");
            EventBatch bad = clicks(100, Set.of(7L));
            BatchWriter writer = formed(sink, bad);
            for (int time = 0; time < 2; time++) {
                assertThatThrownBy(() -> writer.write(bad.id(), Attempt.FIRST))
                        .isInstanceOf(EventsNeededException.class)
                        .hasMessageContaining(bad.id().toString());
            }
            assertThat(fixture.query("SELECT count() FROM {db}.clicked")).isEqualTo("0");
            assertThat(sink.write(bad).rejected()).extracting(Rejection::offset).containsExactly(7L);

            EventBatch good = clicks(100, Set.of());
            assertThat(formed(sink, good).write(good.id(), Attempt.FIRST)).isEqualTo(SinkResult.stored(100));
            assertThat(formed(sink, good).write(good.id(), Attempt.AGAIN)).isEqualTo(SinkResult.stored(100));
            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked"))
                    .isEqualTo("100\t100");
        }
    }

    private static BatchWriter formed(ClickHouseSink sink, EventBatch batch) {
        BatchWriter writer = sink.begin();
        batch.events().forEach(event -> writer.add(event, null));
        return writer;
    }

    @Test
    void aMaterializedColumnThatThrowsNamesTheColumnThatItReads() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.clicked ADD COLUMN number UInt8 MATERIALIZED toUInt8(ifNull(label, '0'))");
            SinkResult result = sink.write(clicks(10, Set.of(4L)));

            assertThat(result.rejected()).singleElement().satisfies(rejection -> {
                assertThat(rejection.offset()).isEqualTo(4);
                assertThat(rejection.path()).isEqualTo("/label");
                assertThat(rejection.message())
                        .contains("the expression of column number")
                        .doesNotContain("secret");
            });
        }
    }

    @Test
    void aPartitionKeyThatThrowsNamesTheColumnThatItReads() throws Exception {
        var catalog = fixture.catalog("""
                clicked:
                  table: { partition-by: n }
                  schema: { type: object, required: [n], properties: { n: { type: integer } } }
                """);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            for (MigrationStep step : Migration.of(catalog, fixture.clickHouse(), TableLayout.SINGLE)
                    .plan()) {
                fixture.query(step.sql().replace("PARTITION BY `n`", "PARTITION BY intDiv(10, n)"));
            }
            SinkResult result = sink.write(Fixture.clicks(0, 5));

            assertThat(result.rejected()).singleElement().satisfies(rejection -> {
                assertThat(rejection.offset()).isZero();
                assertThat(rejection.path()).isEqualTo("/n");
                assertThat(rejection.message()).contains("the partition key");
            });
        }
    }

    @Test
    void aConstraintThatTheCatalogDoesNotHaveIsAnOutageThatEndsWithIt() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.clicked ADD CONSTRAINT small CHECK n < 195");

            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 200)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("1 %")
                    .hasMessageContaining("the constraint small of table " + fixture.table("clicked"))
                    .hasMessageContaining("drifted from the catalog");
            assertThat(fixture.query("SELECT count() FROM {db}.clicked")).isEqualTo("0");

            fixture.query("ALTER TABLE {db}.clicked DROP CONSTRAINT small");
            assertThat(sink.write(Fixture.clicks(0, 200))).isEqualTo(SinkResult.stored(200));
        }
    }

    @Test
    void aColumnThatWasChangedOnTheServerIsAnOutageAndRejectsNoRow() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            sink.write(Fixture.clicks(0, 10));
            fixture.query("ALTER TABLE {db}.clicked MODIFY COLUMN n Int16");

            assertThatThrownBy(() -> sink.write(Fixture.clicks(10, 20)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("drifted from the catalog: column n is Int16 on the server and Int64");
        }
    }

    @Test
    void aViewThatThrowsIsAnOutageAndBlamesNoRow() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query("CREATE TABLE {db}.target (m UInt8) ENGINE = MergeTree ORDER BY m"
                    + " SETTINGS non_replicated_deduplication_window = 1000");
            fixture.query("CREATE MATERIALIZED VIEW {db}.view TO {db}.target AS"
                    + " SELECT throwIf(n = 3, 'no') AS m FROM {db}.clicked");
            EventBatch batch = Fixture.clicks(0, 5);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sink.write(batch))
                        .isInstanceOf(ClickHouseUnavailableException.class)
                        .hasMessageContaining("materialized view");
            }
            fixture.query("DROP VIEW {db}.view");
            fixture.query("CREATE MATERIALIZED VIEW {db}.view TO {db}.target AS SELECT 1 AS m FROM {db}.clicked");

            assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(5));
            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked"))
                    .isEqualTo("5\t5");
        }
    }

    private static EventBatch clicks(int count, Set<Long> guilty) {
        List<SinkEvent> events = new ArrayList<>();
        for (long n = 0; n < count; n++) {
            String label = guilty.contains(n) ? "secret" : "1";
            events.add(Fixture.event(n, "clicked", "{\"n\":" + n + ",\"label\":\"" + label + "\"}"));
        }
        return Fixture.batch(0, count, events);
    }

    private static EventBatch without(EventBatch batch, Set<Long> offsets) {
        return new EventBatch(
                batch.id(),
                batch.events().stream()
                        .filter(event -> !offsets.contains(event.offset()))
                        .toList());
    }
}
