package dev.cdp.clickhouse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.cdp.core.sink.BatchWriter;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.EventsNeededException;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.TcpProxy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A batch of which nobody knows whether it is stored ends stored once, in its table and in rollups behind it. */
@CdpTest
final class ReconciliationTest {

    private static final int WINDOW = 100;

    private final EmbeddedClickHouse shared;

    ReconciliationTest(EmbeddedClickHouse shared) {
        this.shared = shared;
    }

    /** A server that dies between noting a token and keeping its block: here it dies, and then loses parts. */
    @Test
    void aBlockWhoseTokenIsKnownAndWhichIsNotThereIsPutThereAndNoRollupHasItTwice() throws Exception {
        try (EmbeddedClickHouse server = EmbeddedClickHouse.start();
                TcpProxy proxy =
                        TcpProxy.to(server.url().getHost(), server.url().getPort())) {
            Fixture fixture = new Fixture(server);
            List<EventBatch> batches = List.of(twoMonths(10, 50), twoMonths(50, 90));
            try (ClickHouseSink sink = fixture.sink(fixture.clicks(), URI.create("http://127.0.0.1:" + proxy.port()))) {
                sink.migrate();
                rollup(fixture);
                fixture.query("SYSTEM STOP MERGES {db}.clicked");
                sink.write(twoMonths(0, 10));
                for (EventBatch batch : batches) {
                    proxy.heal();
                    sink.migrate(); // so that the insert is the next that it sends
                    proxy.cutResponsesAfter(0);
                    assertThatThrownBy(() -> sink.write(batch)).isInstanceOf(ClickHouseUnavailableException.class);
                }
            }
            assertThat(counts(fixture)).isEqualTo("90\t90\t90");
            List<String> march = parts(fixture, "_offset BETWEEN 10 AND 49 AND _partition_id = '202603'");
            List<String> both = parts(fixture, "_offset >= 50");
            assertThat(march).hasSize(1);
            assertThat(both).hasSize(2);
            server.kill();
            march.forEach(ReconciliationTest::delete);
            both.forEach(ReconciliationTest::delete);
            server.restart();

            try (ClickHouseSink successor = fixture.sink(fixture.clicks())) {
                successor.migrate();
                BatchWriter formed = successor.begin();
                batches.get(0).events().forEach(event -> formed.add(event, null));
                assertThatThrownBy(() -> formed.write(batches.get(0).id(), EventBatch.Attempt.AGAIN))
                        .as("rows without their events cannot be told apart")
                        .isInstanceOf(EventsNeededException.class);
            }
            for (int time = 0; time < 2; time++) {
                try (ClickHouseSink successor = fixture.sink(fixture.clicks())) {
                    for (EventBatch batch : batches) {
                        assertThat(successor.write(again(batch))).isEqualTo(SinkResult.stored(40));
                    }
                }
                assertThat(counts(fixture)).isEqualTo("90\t90\t90");
            }
            assertThat(fixture.query("SELECT name FROM system.tables WHERE name LIKE '\\_cdp%'"))
                    .isEmpty();
        }
    }

    private static List<String> parts(Fixture fixture, String condition) {
        return fixture.query("SELECT path FROM system.parts WHERE active AND database = '{db}' AND table = 'clicked'"
                        + " AND name IN (SELECT DISTINCT _part FROM {db}.clicked WHERE " + condition + ")")
                .lines()
                .toList();
    }

    @Test
    void aBatchThatIsOlderThanWhatItsTableRemembersIsNotStoredAgain() throws Exception {
        Fixture fixture = new Fixture(shared);
        EventBatch old = Fixture.clicks(0, 20);
        try (ClickHouseSink sink = forgetful(fixture)) {
            sink.migrate();
            sink.write(old);
            fill(sink, WINDOW + 5);

            assertThat(sink.write(again(old))).isEqualTo(SinkResult.stored(20));
            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked WHERE _offset < 20"))
                    .isEqualTo("20\t20");
        }
    }

    @Test
    void whereARollupCannotBeProvenTheSinkStops() throws Exception {
        Fixture fixture = new Fixture(shared);
        EventBatch old = Fixture.clicks(0, 20);
        try (ClickHouseSink sink = forgetful(fixture)) {
            sink.migrate();
            rollup(fixture);
            sink.write(old);
            fill(sink, WINDOW + 5);
            EventBatch young = Fixture.clicks(1_000_000, 1_000_020);
            sink.write(young);
            // In one part with the oldest: only when its rows were loaded tells that it is young.
            fixture.query("OPTIMIZE TABLE {db}.clicked FINAL");

            assertThat(sink.write(again(young))).isEqualTo(SinkResult.stored(20));
            assertThatThrownBy(() -> sink.write(again(old)))
                    .isInstanceOf(ClickHouseSetupException.class)
                    .hasMessageContaining("holds 20 rows of batch t-0@[0,20)")
                    .hasMessageContaining("cannot be known whether the views had all of it");
            int rows = 40 + WINDOW + 5;
            assertThat(counts(fixture)).isEqualTo("%1$d\t%1$d\t%1$d".formatted(rows));
        }
    }

    @Test
    void whatIsStoredOfAPartitionIsTold() throws Exception {
        Fixture fixture = new Fixture(shared);
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            assertThat(sink.holds(Fixture.TOPIC_ID, 0, 0, 0))
                    .as("without a table")
                    .isFalse();
            sink.migrate();
            sink.write(Fixture.clicks(10, 20));

            assertThat(sink.holds(Fixture.TOPIC_ID, 0, 0, 0)).isTrue();
            assertThat(sink.holds(Fixture.TOPIC_ID, 0, 19, 0)).isTrue();
            assertThat(sink.holds(Fixture.TOPIC_ID, 0, 20, 0))
                    .as("from behind it")
                    .isFalse();
            assertThat(sink.holds(Fixture.TOPIC_ID, 1, 0, 0))
                    .as("another partition")
                    .isFalse();
            assertThat(sink.holds(Fixture.TOPIC_ID, 0, 0, 1))
                    .as("another replay")
                    .isFalse();
            assertThat(sink.holds(new java.util.UUID(1, 1), 0, 0, 0))
                    .as("a topic made anew")
                    .isFalse();
        }
    }

    private ClickHouseSink forgetful(Fixture fixture) {
        return ClickHouseSink.builder(fixture.clicks())
                .url(shared.url())
                .credentials(shared.user(), shared::password)
                .timeout(Duration.ofSeconds(20))
                .deduplicationWindow(WINDOW)
                .build();
    }

    /** Batches of one row, each a part. */
    private static void fill(ClickHouseSink sink, int batches) throws InterruptedException {
        for (int i = 0; i < batches; i++) {
            sink.write(Fixture.clicks(1_000 + i, 1_001 + i));
        }
    }

    private static void rollup(Fixture fixture) {
        fixture.query("CREATE MATERIALIZED VIEW {db}.rollup ENGINE = SummingMergeTree ORDER BY digit"
                + " SETTINGS non_replicated_deduplication_window = 10000"
                + " AS SELECT n % 10 AS digit, count() AS clicks FROM {db}.clicked GROUP BY digit");
    }

    /** Rows, distinct records, and what the rollup has counted. */
    private static String counts(Fixture fixture) {
        return fixture.query(
                "SELECT count(), uniqExact(_offset), (SELECT sum(clicks) FROM {db}.rollup) FROM {db}.clicked");
    }

    private static EventBatch again(EventBatch batch) {
        return new EventBatch(batch.id(), batch.events(), Attempt.AGAIN);
    }

    /** Every other click is of the next month. */
    private static EventBatch twoMonths(long first, long end) {
        return Fixture.batch(
                first,
                end,
                LongStream.range(first, end)
                        .mapToObj(n -> Fixture.event(
                                n,
                                "clicked",
                                Fixture.TIME.plus(Duration.ofDays(n % 2 == 0 ? 0 : 31)),
                                "{\"n\":" + n + "}"))
                        .toList());
    }

    private static void delete(String folder) {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
