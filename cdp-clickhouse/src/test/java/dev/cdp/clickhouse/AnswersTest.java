package dev.cdp.clickhouse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cdp.core.CdpException;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whatever stands between loader and server: only ClickHouse's own answer says that rows are stored. */
@CdpTest
final class AnswersTest {

    private final Fixture fixture;
    private final EmbeddedClickHouse server;

    AnswersTest(EmbeddedClickHouse server) {
        this.server = server;
        this.fixture = new Fixture(server);
    }

    @Test
    void aMaintenancePageWithStatus200StoresNothing() throws Exception {
        refused(
                (exchange, real) -> page(exchange, 200, "<html>We are back soon</html>"),
                ClickHouseUnavailableException.class,
                "Nothing is taken as stored");
    }

    @Test
    void anEmptyAnswerWithStatus200StoresNothing() throws Exception {
        refused(
                (exchange, real) -> page(exchange, 200, ""),
                ClickHouseUnavailableException.class,
                "without X-ClickHouse-Query-Id of this statement");
    }

    @Test
    void anAnswerToAnotherStatementStoresNothing() throws Exception {
        refused(
                (exchange, real) -> {
                    exchange.getResponseHeaders().add("X-ClickHouse-Query-Id", "cdp-of-another");
                    exchange.getResponseHeaders().add("X-ClickHouse-Summary", "{\"written_rows\":\"10\"}");
                    page(exchange, 200, "");
                },
                ClickHouseUnavailableException.class,
                "without X-ClickHouse-Query-Id of this statement");
    }

    @Test
    void anAnswerThatStallsInItsBodyEndsWithTheTimeout() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        refused(
                (exchange, real) -> {
                    copyHeaders(real.answer(), exchange);
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                ClickHouseUnavailableException.class,
                "did not answer within 2 s");
        over.countDown();
    }

    @Test
    void aConnectionThatBreaksAfterTheHeadersIsAnOutage() throws Exception {
        refused(
                (exchange, real) -> {
                    copyHeaders(real.answer(), exchange);
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                },
                ClickHouseUnavailableException.class,
                "broke before its answer was complete");
    }

    @Test
    void anAnswerWithoutEndIsNotKept() throws Exception {
        refused(
                (exchange, real) -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] piece = new byte[1 << 16];
                    for (int i = 0; i < 1_000; i++) {
                        exchange.getResponseBody().write(piece);
                    }
                },
                ClickHouseUnavailableException.class,
                "is longer than 1048576 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "301, redirects are not followed",
        "307, redirects are not followed",
        "401, refuses the login or this host",
        "403, refuses the login or this host",
        "407, wants a login of its own",
        "414, takes no address of this length",
        "429, limits the rate of requests",
        "502, cannot reach ClickHouse",
        "503, has no ClickHouse to send this to",
        "504, gave up waiting for ClickHouse",
    })
    void aProxysRefusalIsAnOutageThatSaysWhatItIs(int status, String told) throws Exception {
        refused(
                (exchange, real) -> {
                    exchange.getResponseHeaders().add("Location", server.url().toString());
                    page(exchange, status, "");
                },
                ClickHouseUnavailableException.class,
                told);
    }

    @Test
    void aProxyThatTakesNoSuchSizeMakesBatchesSmaller() throws Exception {
        refused(
                (exchange, real) -> page(exchange, 413, ""),
                BatchTooLargeException.class,
                "takes no request of this size");
    }

    @Test
    void whoAsksToBeLeftAloneIs() throws Exception {
        try (Proxy proxy = new Proxy(server.url());
                ClickHouseSink sink = sink(proxy)) {
            sink.migrate();
            proxy.answer = (exchange, real) -> {
                exchange.getResponseHeaders().add("Retry-After", "999999999");
                page(exchange, 429, "");
            };
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 10))).hasMessageContaining("which is done for 60 s");
            proxy.answer = null;
            int before = proxy.requests;
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 10)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("Retry-After");
            assertThat(proxy.requests).isEqualTo(before);
        }
    }

    @Test
    void anAnswerThatAProxyCompressedIsRead() throws Exception {
        try (Proxy proxy = new Proxy(server.url());
                ClickHouseSink sink = sink(proxy)) {
            proxy.answerAll = (exchange, real) -> {
                HttpResponse<byte[]> answer = real.answer();
                copyHeaders(answer, exchange);
                exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                    out.write(answer.body());
                }
                exchange.sendResponseHeaders(answer.statusCode(), bytes.size());
                exchange.getResponseBody().write(bytes.toByteArray());
            };
            sink.migrate();
            assertThat(sink.write(Fixture.clicks(0, 10))).isEqualTo(SinkResult.stored(10));
        }
    }

    @Test
    void aPasswordThatIsRotatedAheadOfTheServerIsAnOutage() throws Exception {
        String[] password = {server.password()};
        try (ClickHouseSink sink = ClickHouseSink.builder(fixture.clicks())
                .url(server.url())
                .credentials(server.user(), () -> password[0])
                .build()) {
            sink.migrate();
            sink.write(Fixture.clicks(0, 10));
            password[0] = "the next one";
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sink.write(Fixture.clicks(10, 20)))
                        .isInstanceOf(ClickHouseUnavailableException.class)
                        .hasMessageContaining("516 AUTHENTICATION_FAILED; check credentials");
            }
            password[0] = server.password();
            assertThat(sink.write(Fixture.clicks(10, 20))).isEqualTo(SinkResult.stored(10));
        }
    }

    /** So many fields that their names alone are longer than what proxies take as an address. */
    @Test
    void noAddressGrowsWithTheTable() throws Exception {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            fields.append("      a_field_with_a_long_name_").append(i).append(": { type: string }\n");
        }
        try (Proxy proxy = new Proxy(server.url());
                ClickHouseSink sink = sink(
                        proxy,
                        "clicked:\n  schema:\n    type: object\n    required: [n]\n    properties:\n"
                                + "      n: { type: integer }\n" + fields)) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.clicked ADD CONSTRAINT few CHECK n != 3");
            assertThat(sink.write(Fixture.clicks(0, 200)).rejected()).hasSize(1);
            assertThat(proxy.longest).isLessThan(8_000);
        }
    }

    /** The sink writes ten rows through a proxy that answers so; nothing is acknowledged, and the rows are there once in the end. */
    private void refused(Answer answer, Class<? extends CdpException> type, String message) throws Exception {
        try (Proxy proxy = new Proxy(server.url());
                ClickHouseSink sink = sink(proxy)) {
            sink.migrate();
            proxy.answer = answer;
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 10)))
                    .isInstanceOf(type)
                    .hasMessageContaining(message);
            proxy.answer = null;
            assertThat(sink.write(Fixture.clicks(0, 10))).isEqualTo(SinkResult.stored(10));
            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked"))
                    .isEqualTo("10\t10");
        }
    }

    private ClickHouseSink sink(Proxy proxy) {
        return sink(proxy, "clicked:\n  schema:\n    type: object\n    properties:\n      n: { type: integer }\n");
    }

    private ClickHouseSink sink(Proxy proxy, String events) {
        return ClickHouseSink.builder(fixture.catalog(events))
                .url(proxy.url())
                .credentials(server.user(), server::password)
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    private static void page(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void copyHeaders(HttpResponse<byte[]> answer, HttpExchange exchange) {
        answer.headers().map().forEach((name, values) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-clickhouse-")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
    }

    /** What a proxy answers; {@code real} sends the request on. */
    private interface Answer {

        void to(HttpExchange exchange, Real real) throws IOException;
    }

    private interface Real {

        HttpResponse<byte[]> answer() throws IOException;
    }

    /** Passes requests on, and answers INSERTs in its own way when told to. */
    static final class Proxy implements AutoCloseable {

        static {
            System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer waits for an ACK, 40 ms
        }

        private final HttpServer http;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final URI target;
        volatile Answer answer;
        volatile String extra = "";
        volatile Answer answerAll = (exchange, real) -> {
            HttpResponse<byte[]> answered = real.answer();
            copyHeaders(answered, exchange);
            exchange.sendResponseHeaders(
                    answered.statusCode(), answered.body().length == 0 ? -1 : answered.body().length);
            if (answered.body().length > 0) {
                exchange.getResponseBody().write(answered.body());
            }
        };
        volatile int requests;
        volatile int longest;

        Proxy(URI target) throws IOException {
            this.target = target;
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(threads);
            http.createContext("/", this::pass);
            http.start();
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
        }

        private synchronized void count(HttpExchange exchange) {
            requests++;
            longest = Math.max(longest, exchange.getRequestURI().toString().length());
        }

        private void pass(HttpExchange exchange) throws IOException {
            count(exchange);
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                Answer own = answer;
                boolean insert =
                        new String(body, 0, Math.min(6, body.length), StandardCharsets.US_ASCII).equals("INSERT");
                (insert && own != null ? own : answerAll).to(exchange, () -> {
                    try {
                        return client.send(
                                HttpRequest.newBuilder(URI.create(target + "/?"
                                                + exchange.getRequestURI().getRawQuery() + extra))
                                        .header(
                                                "Authorization",
                                                exchange.getRequestHeaders().getFirst("Authorization"))
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofByteArray());
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
            }
        }

        @Override
        public void close() {
            http.stop(0);
            threads.shutdownNow();
        }
    }
}
