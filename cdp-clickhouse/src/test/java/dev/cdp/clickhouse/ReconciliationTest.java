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

import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A server that dies between noting a token and keeping its block: here it dies, and then loses a part. */
    @ParameterizedTest
    @ValueSource(strings = {"202603", "202604", "%"})
    void aBlockWhoseTokenIsKnownAndWhichIsNotThereIsPutThereAndNoRollupHasItTwice(String lost) throws Exception {
        try (EmbeddedClickHouse server = EmbeddedClickHouse.start();
                TcpProxy proxy =
                        TcpProxy.to(server.url().getHost(), server.url().getPort())) {
            Fixture fixture = new Fixture(server);
            URI url = URI.create("http://127.0.0.1:" + proxy.port());
            EventBatch batch = twoMonths(10, 50);
            try (ClickHouseSink sink = fixture.sink(fixture.clicks(), url)) {
                sink.migrate();
                rollup(fixture);
                sink.write(twoMonths(0, 10));
                proxy.cutResponsesAfter(0);
                assertThatThrownBy(() -> sink.write(batch)).isInstanceOf(ClickHouseUnavailableException.class);
                proxy.heal();
            }
            assertThat(counts(fixture)).isEqualTo("50\t50\t50");
            List<String> parts = fixture.query("SELECT path FROM system.parts WHERE active AND database = '{db}'"
                            + " AND table = 'clicked' AND partition_id LIKE '" + lost
                            + "' AND name IN (SELECT DISTINCT _part FROM {db}.clicked WHERE _offset >= 10)")
                    .lines()
                    .toList();
            assertThat(parts).hasSize(lost.equals("%") ? 2 : 1);
            server.kill();
            parts.forEach(ReconciliationTest::delete);
            server.restart();

            for (int time = 0; time < 2; time++) {
                try (ClickHouseSink successor = fixture.sink(fixture.clicks())) {
                    assertThat(successor.write(again(batch))).isEqualTo(SinkResult.stored(40));
                }
                assertThat(counts(fixture)).isEqualTo("50\t50\t50");
            }
            assertThat(fixture.query("SHOW TABLES FROM {db} LIKE '\\_cdp%'")).isEmpty();
        }
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
