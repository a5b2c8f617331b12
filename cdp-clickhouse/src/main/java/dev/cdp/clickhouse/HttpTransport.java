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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * ClickHouse's HTTP interface. A batch is sent as bytes with its length, so a request that was cut is refused as a whole.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/http">HTTP interface</a>
 */
final class HttpTransport implements InsertPort {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final String CODE = "X-ClickHouse-Exception-Code";
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final URI url;
    private final Credentials credentials;
    private final Duration timeout;
    private final Compression compression;

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
        insert(parameters(sql, settings, queryId), body(rows));
    }

    @Override
    public void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block)
            throws ServerErrorException, InterruptedException {
        insert(parameters(sql, settings, queryId), block);
    }

    private static Map<String, String> parameters(String sql, Map<String, String> settings, String queryId) {
        Map<String, String> parameters = new TreeMap<>(settings);
        parameters.put("query", sql);
        parameters.put("query_id", queryId);
        return parameters;
    }

    @Override
    public String query(String sql) throws ServerErrorException, InterruptedException {
        Map<String, String> parameters = Map.of(
                "wait_end_of_query", "1", "max_execution_time", String.valueOf(Math.max(1, timeout.toSeconds())));
        return send(request(parameters).POST(BodyPublishers.ofString(sql)).build());
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

    private void insert(Map<String, String> parameters, List<ByteBuffer> body)
            throws ServerErrorException, InterruptedException {
        HttpRequest.Builder request = request(parameters);
        switch (compression) {
            case NONE -> request.POST(new BytesPublisher(body));
            case LZ4 -> request.header("Content-Encoding", "lz4").POST(BodyPublishers.ofByteArray(Lz4Frame.of(body)));
        }
        send(request.build());
    }

    private HttpRequest.Builder request(Map<String, String> parameters) {
        return HttpRequest.newBuilder(address(parameters))
                .header("Authorization", credentials.header())
                .timeout(timeout);
    }

    private String send(HttpRequest request) throws ServerErrorException, InterruptedException {
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new ClickHouseUnavailableException(
                    "no ClickHouse answers at " + url
                            + "; check that the server runs and that the URL is its HTTP port",
                    e);
        } catch (HttpTimeoutException e) {
            throw new ClickHouseUnavailableException(
                    "ClickHouse at " + url + " did not answer within " + timeout.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new ClickHouseUnavailableException(
                    "the connection to ClickHouse at " + url + " broke before it answered", e);
        }
        return answer(response);
    }

    private String answer(HttpResponse<String> response) throws ServerErrorException {
        String code = response.headers().firstValue(CODE).orElse("");
        if (code.matches("[0-9]{1,9}")) {
            throw new ServerErrorException(Integer.parseInt(code), response.body());
        }
        if (response.statusCode() != OK) {
            throw new ClickHouseUnavailableException("HTTP status " + response.statusCode() + " from " + url
                    + " without a ClickHouse error code; check that the URL is ClickHouse's HTTP port (8123, or 8443 with"
                    + " TLS) and that no proxy answers in its place");
        }
        return response.body();
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
