package dev.cdp.clickhouse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

import dev.cdp.core.sink.BatchTooLargeException;

/**
 * What came back over HTTP, from ClickHouse or from something in front of it. It is an acknowledgement only with
 * ClickHouse's own evidence: the id of our statement and the summary of what was done.
 */
final class ServerAnswer {

    private static final String CODE = "X-ClickHouse-Exception-Code";
    private static final String QUERY_ID = "X-ClickHouse-Query-Id";
    private static final String SUMMARY = "X-ClickHouse-Summary";
    private static final int OK = 200;
    private static final int TOO_LARGE = 413;
    private static final Duration MOST_QUIET = Duration.ofMinutes(1);

    private final URI url;
    private final HttpResponse<byte[]> response;
    private final int maxBytes;

    ServerAnswer(URI url, HttpResponse<byte[]> response, int maxBytes) {
        this.url = url;
        this.response = response;
        this.maxBytes = maxBytes;
    }

    /** How long it asks to be left alone; at most a minute. */
    Duration quiet() {
        int status = response.statusCode();
        String seconds = header("Retry-After");
        return (status == 429 || status == 503) && seconds.matches("[0-9]{1,9}")
                ? min(Duration.ofSeconds(Long.parseLong(seconds)), MOST_QUIET)
                : Duration.ZERO;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /**
     * Returns if ClickHouse says that it has stored the rows of this statement.
     *
     * @throws ServerErrorException if it refuses them
     * @throws BatchTooLargeException if something in front of it takes no request of that size
     * @throws ClickHouseUnavailableException for every other answer
     */
    void requireAcknowledged(String queryId) throws ServerErrorException {
        if (header(CODE).isEmpty() && response.statusCode() == TOO_LARGE) {
            throw new BatchTooLargeException(refused(), null);
        }
        if (!text(queryId).isEmpty()) {
            throw new ClickHouseUnavailableException("the answer to an insert from " + url
                    + " has a body, which ClickHouse's has not: check that no proxy answers in its place. Nothing is"
                    + " taken as stored");
        }
    }

    /** ClickHouse's answer to this statement. */
    String text(String queryId) throws ServerErrorException {
        String code = header(CODE);
        if (code.matches("[0-9]{1,9}")) {
            throw new ServerErrorException(Integer.parseInt(code), body());
        }
        if (response.statusCode() != OK) {
            throw new ClickHouseUnavailableException(refused());
        }
        if (!header(QUERY_ID).equals(queryId) || header(SUMMARY).isEmpty()) {
            throw new ClickHouseUnavailableException(
                    "HTTP status 200 from " + url + " without " + QUERY_ID + " of this"
                            + " statement and " + SUMMARY
                            + ", which ClickHouse sends: something else answers in its place,"
                            + " such as a proxy with a page of its own, or takes these headers away. Nothing is taken as stored");
        }
        return body();
    }

    private String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private String refused() {
        int status = response.statusCode();
        return "HTTP status " + status + " from " + url + " without a ClickHouse error code: "
                + switch (status) {
                    case 301, 302, 303, 307, 308 ->
                        "it redirects to another address, and redirects are not followed, since they would be given the"
                                + " password; give the address of ClickHouse itself";
                    case 401, 403 ->
                        "something in front of ClickHouse refuses the login or this host; check the proxy's rules and"
                                + " credentials(user, passwordSupplier)";
                    case 407 -> "a proxy wants a login of its own, which is not supported; let it pass without one";
                    case TOO_LARGE ->
                        "a proxy takes no request of this size; raise its limit for bodies"
                                + " (client_max_body_size in nginx), or let batches be smaller";
                    case 414, 431 ->
                        "a proxy takes no address of this length; let it take 16 kB (large_client_header_buffers in"
                                + " nginx)";
                    case 429 -> "a proxy limits the rate of requests" + pause();
                    case 502 -> "a proxy cannot reach ClickHouse; check that the server runs";
                    case 503 -> "a proxy has no ClickHouse to send this to" + pause();
                    case 504 -> "a proxy gave up waiting for ClickHouse; let it wait longer than the sink's timeout";
                    default ->
                        "check that the URL is ClickHouse's HTTP port (8123, or 8443 with TLS) and that no proxy answers"
                                + " in its place";
                };
    }

    private String pause() {
        return quiet().isZero() ? "" : "; it asks to wait, which is done for " + quiet().toSeconds() + " s";
    }

    /** Some proxies compress an answer although it was asked for as it is. */
    private String body() {
        String encoding = header("Content-Encoding").toLowerCase(Locale.ROOT);
        byte[] bytes = response.body();
        if (encoding.isEmpty() || encoding.equals("identity") || bytes.length == 0) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (encoding.equals("gzip")) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                byte[] plain = in.readNBytes(maxBytes);
                if (in.read() < 0) {
                    return new String(plain, StandardCharsets.UTF_8);
                }
            } catch (IOException e) {
                throw new ClickHouseUnavailableException("the answer from " + url + " is not the gzip that it says", e);
            }
            throw new ClickHouseUnavailableException(
                    "the answer from " + url + " is longer than " + maxBytes + " bytes");
        }
        throw new ClickHouseUnavailableException(
                "the answer from " + url + " is compressed, which was not asked for, and"
                        + " not by gzip; let no proxy compress ClickHouse's answers");
    }
}
