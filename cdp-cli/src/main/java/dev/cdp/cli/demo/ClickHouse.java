package dev.cdp.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dev.cdp.cli.command.UnusableException;

/** Asks a ClickHouse over HTTP. Thread-safe. */
final class ClickHouse {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final URI url;
    private final String user;
    private final String password;

    ClickHouse(URI url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    URI url() {
        return url;
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    /** The answer's rows, each a list of its columns' texts. */
    List<List<String>> rows(String sql) {
        return execute(sql + " FORMAT TSV")
                .lines()
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    /** The answer as ClickHouse gives it. */
    String execute(String sql) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(60))
                .header("X-ClickHouse-User", user)
                .header("X-ClickHouse-Key", password)
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new UnusableException("ClickHouse at " + url + " refused a query: "
                        + response.body().strip());
            }
            return response.body();
        } catch (IOException e) {
            throw new UnusableException(
                    "no ClickHouse answers at " + url + "; check the address, or leave --clickhouse-url out", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while asking ClickHouse", e);
        }
    }
}
