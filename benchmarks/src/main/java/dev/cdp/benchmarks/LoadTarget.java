package dev.cdp.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The ClickHouse that a load ends in, by plain HTTP. */
record LoadTarget(URI url, String user, String password) {

    static final String TABLE = "cdp." + RowPeer.EVENT;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What the server answers, without the last newline. */
    String query(String sql) {
        return new String(send(Map.of(), sql.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8).strip();
    }

    /** Inserts rows that are bytes already, however often the same. */
    void insert(String format, String encoding, byte[] rows) {
        send(
                Map.of(
                        "query", "INSERT INTO " + TABLE + " FORMAT " + format,
                        "insert_deduplicate", "0",
                        "deduplicate_insert", "disable",
                        "max_insert_block_size", "1000000",
                        "input_format_parallel_parsing", "0",
                        "encoding", encoding),
                rows);
    }

    private byte[] send(Map<String, String> parameters, byte[] body) {
        StringBuilder address = new StringBuilder(url.toString()).append("/?database=cdp");
        parameters.forEach((name, value) -> {
            if (!name.equals("encoding")) {
                address.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        });
        String login = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.toString()))
                .header("Authorization", "Basic " + login)
                .POST(BodyPublishers.ofByteArray(body));
        if (!parameters.getOrDefault("encoding", "").isEmpty()) {
            request.header("Content-Encoding", parameters.get("encoding"));
        }
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(new String(response.body(), StandardCharsets.UTF_8));
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
