package dev.cdp.clickhouse;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.TcpProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whatever becomes of an answer, a batch that is written until it passes is stored once. */
@CdpTest
final class FaultsTest {

    private static final int ROWS = 30_000;
    private static final int KILLS =
            Integer.getInteger("cdp.faults.kills", Boolean.getBoolean("cdp.campaigns.full") ? 120 : 6);
    private static final int MOMENTS = 6;

    /** More than the server's own block, 1,048,449 rows. */
    private static final int BLOCK = 1_100_000;

    /** The shared server is asked for so that a missing engine skips this class, and is left alone. */
    private final EmbeddedClickHouse shared;

    FaultsTest(EmbeddedClickHouse shared) {
        this.shared = shared;
    }

    @Test
    void aServerKilledAfterAWriteHoldsEveryRowOnceAfterItIsWrittenAgain() throws Exception {
        writeThroughKills(
                1,
                (round, fixture) -> Await.until(
                        "the rows are stored",
                        () -> fixture.query("SELECT count() FROM {db}.clicked"),
                        String.valueOf(ROWS)::equals));
    }

    @Test
    @Tag("campaign")
    void aServerKilledDuringWritesHoldsEveryRowOnceAfterTheyAreWrittenAgain() throws Exception {
        // From before the first byte to after the answer, a little later in each round.
        int unanswered =
                writeThroughKills(KILLS, (round, fixture) -> LockSupport.parkNanos(round % MOMENTS * 12_000_000L));

        assertThat(unanswered).as("writes that a kill left without an answer").isPositive();
    }

    /** Kills the server once for each batch, and returns how many writes were left without an answer. */
    private static int writeThroughKills(int kills, Moment moment) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (EmbeddedClickHouse server = EmbeddedClickHouse.start()) {
            Fixture fixture = new Fixture(server);
            ClickHouseSink sink = fixture.sink(fixture.clicks());
            sink.migrate();
            fixture.query("CREATE MATERIALIZED VIEW {db}.rollup ENGINE = SummingMergeTree ORDER BY digit"
                    + " SETTINGS non_replicated_deduplication_window = 10000"
                    + " AS SELECT n % 10 AS digit, count() AS clicks FROM {db}.clicked GROUP BY digit");
            int unanswered = 0;
            for (int round = 0; round < kills; round++) {
                EventBatch batch = Fixture.clicks((long) round * ROWS, (round + 1L) * ROWS);
                Future<SinkResult> write = thread.submit(() -> sink.write(batch));
                moment.await(round, fixture);
                server.kill();
                unanswered += answered(write) ? 0 : 1;
                server.restart();

                assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(ROWS));
                assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(ROWS));
            }
            assertThat(fixture.query("SELECT count(), uniqExact(_offset), sum(n = _offset) FROM {db}.clicked"))
                    .isEqualTo("%1$d\t%1$d\t%1$d".formatted(kills * ROWS));
            assertThat(fixture.query("SELECT sum(clicks), uniqExact(digit) FROM {db}.rollup"))
                    .isEqualTo(kills * ROWS + "\t10");
            return unanswered;
        } finally {
            thread.shutdownNow();
        }
    }

    /** When a round's kill comes. */
    private interface Moment {
        void await(int round, Fixture fixture);
    }

    @Test
    void anInsertThatWakesUpAfterItsBatchWasWrittenAgainAddsNoRow() throws Exception {
        try (EmbeddedClickHouse server = EmbeddedClickHouse.start()) {
            Fixture fixture = new Fixture(server);
            try (ClickHouseSink sink = fixture.impatientSink(fixture.clicks())) {
                sink.migrate();
                sink.write(Fixture.clicks(0, 100));
                server.pause();
                EventBatch asleep = firstUnanswered(sink, 100);
                server.resume();
                writeUntilStored(sink, asleep);
                long end = asleep.id().endOffset();
                writeUntilStored(sink, Fixture.clicks(end, end + 100));

                assertThat(fixture.query("SELECT count(), uniqExact(_offset), max(_offset) + 1 FROM {db}.clicked"))
                        .isEqualTo("%1$d\t%1$d\t%1$d".formatted(end + 100));
            }
        }
    }

    @Test
    void theSameBatchWrittenByManyAtOnceIsStoredOnce() throws Exception {
        Fixture fixture = new Fixture(shared);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            for (int round = 0; round < 10; round++) {
                EventBatch batch = Fixture.clicks(round * 1000L, (round + 1) * 1000L);
                List<Future<?>> writes = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    writes.add(threads.submit(() -> writeUntilStored(sink, batch)));
                }
                for (Future<?> write : writes) {
                    write.get();
                }
            }
            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked"))
                    .isEqualTo("10000\t10000");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aBatchOfMoreRowsThanTheServersBlockIsStillOneBlock() throws Exception {
        Fixture fixture = new Fixture(shared);
        Catalog catalog = fixture.clicks();
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
        }
        var table = catalog.event("clicked").orElseThrow().table().orElseThrow();
        InsertPort port = new HttpTransport(
                shared.url(), new Credentials(shared.user(), shared::password), Duration.ofSeconds(60));
        ServerQueries queries = new ServerQueries(port);
        TableWriter writer = new TableWriter(port, new ServerTables(queries), table);
        EventBatch one = Fixture.clicks(0, 1);
        TableBatch many = writer.begin(false);
        for (int i = 0; i < BLOCK; i++) {
            many.add(one.events().get(0), null);
        }
        writer.insert(
                one.id(),
                many.times(),
                many.encode(one.id(), 0),
                Attempt.FIRST,
                InsertSettings.probe(queries, Duration.ofSeconds(60)));

        assertThat(fixture.query(
                        "SELECT sum(rows), countDistinct(min_block_number), max(max_block_number - min_block_number)"
                                + " FROM system.parts WHERE database = '{db}' AND active"))
                .isEqualTo(BLOCK + "\t1\t0");
    }

    @Test
    void aBatchThatTheServerHasNoMemoryForIsTooLargeAndASmallerOnePasses() throws Exception {
        Fixture fixture = new Fixture(shared);
        InsertPort scarce = new ShortOfMemory(new HttpTransport(
                shared.url(), new Credentials(shared.user(), shared::password), Duration.ofSeconds(60)));
        var options = ClickHouseSink.builder(fixture.clicks()).url(shared.url());
        try (ClickHouseSink sink = new ClickHouseSink(options, scarce)) {
            sink.migrate();
            for (int time = 0; time < 2; time++) {
                assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 50_000)))
                        .isInstanceOf(BatchTooLargeException.class)
                        .hasMessageContaining("241 MEMORY_LIMIT_EXCEEDED");
            }
            assertThat(sink.write(Fixture.clicks(50_000, 51_000))).isEqualTo(SinkResult.stored(1_000));
        }
        assertThat(fixture.query("SELECT count() FROM {db}.clicked")).isEqualTo("1000");
    }

    /** Grants each insert 10 MB. */
    private record ShortOfMemory(InsertPort port) implements InsertPort {

        @Override
        public void insert(String sql, Map<String, String> settings, String queryId, RowRange rows)
                throws ServerErrorException, InterruptedException {
            port.insert(sql, scarce(settings), queryId, rows);
        }

        @Override
        public void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block)
                throws ServerErrorException, InterruptedException {
            port.insert(sql, scarce(settings), queryId, block);
        }

        @Override
        public String query(String sql) throws ServerErrorException, InterruptedException {
            return port.query(sql);
        }

        private static Map<String, String> scarce(Map<String, String> settings) {
            Map<String, String> all = new TreeMap<>(settings);
            all.put("max_memory_usage", "10000000");
            all.put("max_untracked_memory", "1");
            return all;
        }
    }

    @Test
    void anAnswerThatIsLostOnTheWayIsNoSecondRow() throws Exception {
        Fixture fixture = new Fixture(shared);
        try (TcpProxy proxy = TcpProxy.to(shared.url().getHost(), shared.url().getPort());
                ClickHouseSink sink = fixture.sink(fixture.clicks(), URI.create("http://127.0.0.1:" + proxy.port()))) {
            sink.migrate();
            sink.write(Fixture.clicks(0, 10));
            for (int cut = 0; cut < 200; cut += 40) {
                EventBatch batch = Fixture.clicks(10 + cut, 50 + cut);
                proxy.cutResponsesAfter(cut);
                assertThatThrownBy(() -> sink.write(batch)).isInstanceOf(ClickHouseUnavailableException.class);
                proxy.heal();
                assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(40));
            }
            proxy.refuseConnections();
            proxy.resetConnections();
            assertThatThrownBy(() -> sink.write(Fixture.clicks(210, 220)))
                    .isInstanceOf(ClickHouseUnavailableException.class);
            proxy.heal();
            sink.write(Fixture.clicks(210, 220));

            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked"))
                    .isEqualTo("220\t220");
        }
    }

    @Test
    void aServerThatIsNotClickHouseIsSaidToBeSo() throws Exception {
        var other = com.sun.net.httpserver.HttpServer.create(
                new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        other.start();
        Fixture fixture = new Fixture(shared);
        try (ClickHouseSink sink = fixture.sink(
                fixture.clicks(),
                URI.create("http://127.0.0.1:" + other.getAddress().getPort()))) {
            assertThatThrownBy(sink::migrate)
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("HTTP status 404")
                    .hasMessageContaining("8123");
        } finally {
            other.stop(0);
        }
    }

    /** A stop reaches the server's threads one after the other, so a batch or two may still be stored. */
    private static EventBatch firstUnanswered(ClickHouseSink sink, long from) throws InterruptedException {
        for (long first = from; first < 1_000_000; first += 100) {
            EventBatch batch = Fixture.clicks(first, first + 100);
            try {
                sink.write(batch);
            } catch (ClickHouseUnavailableException e) {
                assertThat(e).hasMessageContaining("did not answer within 2 s");
                return batch;
            }
        }
        throw new AssertionError("the server does not stop");
    }

    /** As a consumer does: for as long as it is not known whether the batch is stored. */
    private static void writeUntilStored(ClickHouseSink sink, EventBatch batch) {
        Await.until("the batch " + batch.id() + " is stored", () -> stored(sink, batch), "yes"::equals);
    }

    private static String stored(ClickHouseSink sink, EventBatch batch) throws InterruptedException {
        try {
            sink.write(batch);
            return "yes";
        } catch (ClickHouseUnavailableException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean answered(Future<SinkResult> write) throws InterruptedException {
        try {
            write.get();
            return true;
        } catch (ExecutionException e) {
            assertThat(e).cause().isInstanceOf(ClickHouseUnavailableException.class);
            return false;
        }
    }
}
