package dev.cdp.clickhouse;

import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.TcpProxy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whatever becomes of an answer, a batch that is written until it passes is stored once. */
@CdpTest
final class FaultsTest {

    private static final int ROWS = 30_000;
    private static final int KILLS = 6;

    /** The shared server is asked for so that a missing engine skips this class, and is left alone. */
    private final EmbeddedClickHouse shared;

    FaultsTest(EmbeddedClickHouse shared) {
        this.shared = shared;
    }

    @Test
    void aServerKilledDuringWritesHoldsEveryRowOnceAfterTheyAreWrittenAgain() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (EmbeddedClickHouse server = EmbeddedClickHouse.start()) {
            Fixture fixture = new Fixture(server);
            ClickHouseSink sink = fixture.sink(fixture.clicks());
            sink.migrate();
            int unanswered = 0;
            for (int round = 0; round < KILLS; round++) {
                EventBatch batch = Fixture.clicks((long) round * ROWS, (round + 1L) * ROWS);
                Future<SinkResult> write = thread.submit(() -> sink.write(batch));
                // From before the first byte to after the answer, a little later in each round.
                LockSupport.parkNanos(round * 12_000_000L);
                server.kill();
                unanswered += answered(write) ? 0 : 1;
                server.restart();

                assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(ROWS));
                assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(ROWS));
            }
            assertThat(unanswered)
                    .as("writes that a kill left without an answer")
                    .isPositive();
            assertThat(fixture.query("SELECT count(), uniqExact(_offset), sum(n = _offset) FROM {db}.clicked"))
                    .isEqualTo("%1$d\t%1$d\t%1$d".formatted(KILLS * ROWS));
        } finally {
            thread.shutdownNow();
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
