package dev.cdp.clickhouse;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * ClickHouse's HTTP interface. A batch is sent as bytes with its length, so a request that was cut is refused as a whole.
 * The statement stands in front of its rows in the body: a long one would not fit into a URL. One limit of time covers a
 * whole exchange, the body of the answer included.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/http">HTTP interface</a>
 */
final class HttpTransport implements InsertPort {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** An insert is answered by nothing, or by an error. */
    private static final int MAX_INSERT_ANSWER = 1 << 20;

    private static final int MAX_QUERY_ANSWER = 256 << 20;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI url;
    private final Credentials credentials;
    private final Duration timeout;
    private final Compression compression;
    /** Until when, by {@link System#nanoTime}, the server or a proxy asked not to be asked again. */
    private volatile long quietUntil = System.nanoTime();

    HttpTransport(URI url, Credentials credentials, Duration timeout, Compression compression) {
        this.url = url;
        this.credentials = credentials;
        this.timeout = timeout;
        this.compression = compression;
    }

    HttpTransport(URI url, Credentials credentials, Duration timeout) {
        this(url, credentials, timeout, Compression.NONE);
    }

    @Override
    public void insert(String sql, Map<String, String> settings, String queryId, RowRange rows)
            throws ServerErrorException, InterruptedException {
        insert(sql, settings, queryId, body(rows));
    }

    @Override
    public void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block)
            throws ServerErrorException, InterruptedException {
        List<ByteBuffer> body = new ArrayList<>();
        body.add(ByteBuffer.wrap((sql + "\n").getBytes(StandardCharsets.UTF_8)));
        body.addAll(block);
        HttpRequest.Builder request = request(settings, queryId);
        switch (compression) {
            case NONE -> request.POST(new BytesPublisher(body));
            case LZ4 -> request.header("Content-Encoding", "lz4").POST(BodyPublishers.ofByteArray(Lz4Frame.of(body)));
        }
        ServerAnswer answer = send(request.build(), MAX_INSERT_ANSWER);
        answer.requireAcknowledged(queryId);
    }

    @Override
    public String query(String sql) throws ServerErrorException, InterruptedException {
        Map<String, String> settings = new TreeMap<>(StatementSettings.ALWAYS);
        settings.put("wait_end_of_query", "1");
        settings.put("max_execution_time", String.valueOf(Math.max(1, timeout.toSeconds())));
        String queryId = "cdp-query-" + UUID.randomUUID();
        HttpRequest request =
                request(settings, queryId).POST(BodyPublishers.ofString(sql)).build();
        return send(request, MAX_QUERY_ANSWER).text(queryId);
    }

    private static List<ByteBuffer> body(RowRange range) {
        EncodedRows rows = range.rows();
        byte[] bytes = rows.buffer().bytes();
        int from = rows.start(range.from());
        int to = rows.start(range.to());
        return from == rows.headerEnd()
                ? List.of(ByteBuffer.wrap(bytes, 0, to))
                : List.of(ByteBuffer.wrap(bytes, 0, rows.headerEnd()), ByteBuffer.wrap(bytes, from, to - from));
    }

    private HttpRequest.Builder request(Map<String, String> settings, String queryId) {
        Map<String, String> parameters = new TreeMap<>(settings);
        parameters.put("query_id", queryId);
        return HttpRequest.newBuilder(address(parameters))
                .header("Authorization", credentials.header())
                .header("Accept-Encoding", "identity")
                .timeout(timeout);
    }

    private ServerAnswer send(HttpRequest request, int maxBytes) throws InterruptedException {
        long quiet = quietUntil - System.nanoTime();
        if (quiet > 0) {
            throw new ClickHouseUnavailableException(
                    "ClickHouse at " + url + " asked by Retry-After to be left alone for "
                            + (TimeUnit.NANOSECONDS.toSeconds(quiet) + 1) + " s more");
        }
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, head -> new BoundedBody(maxBytes));
        try {
            ServerAnswer answer =
                    new ServerAnswer(url, exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS), maxBytes);
            quietUntil = System.nanoTime() + answer.quiet().toNanos();
            return answer;
        } catch (TimeoutException e) {
            throw late(e);
        } catch (ExecutionException e) {
            throw broken(e.getCause() == null ? e : e.getCause());
        } finally {
            exchange.cancel(true); // ends an exchange that is still under way
        }
    }

    private ClickHouseUnavailableException late(Throwable cause) {
        return new ClickHouseUnavailableException(
                "ClickHouse at " + url + " did not answer within " + timeout.toSeconds() + " s", cause);
    }

    private RuntimeException broken(Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new ClickHouseUnavailableException(
                    "no ClickHouse answers at " + url
                            + "; check that the server runs and that the URL is its HTTP port",
                    cause);
        }
        if (cause instanceof HttpTimeoutException) {
            return late(cause);
        }
        if (cause instanceof BoundedBody.TooLongException) {
            return new ClickHouseUnavailableException(
                    "the answer of ClickHouse at " + url + " is longer than " + cause.getMessage()
                            + " bytes; check that no proxy answers in its place, or ask for less at once",
                    cause);
        }
        if (cause instanceof IOException) {
            return new ClickHouseUnavailableException(
                    "the connection to ClickHouse at " + url + " broke before its answer was complete", cause);
        }
        return new ClickHouseUnavailableException(
                "the answer of ClickHouse at " + url + " cannot be read ("
                        + cause.getClass().getSimpleName() + ")",
                cause);
    }

    private URI address(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder(url.toString());
        if (url.getRawPath().isEmpty()) {
            query.append('/');
        }
        char separator = '?';
        for (var parameter : parameters.entrySet()) {
            query.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return URI.create(query.toString());
    }
}
