package dev.cdp.clickhouse;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Asks a ClickHouse server over HTTP, one statement at a time. Thread-safe; nothing is connected to before a call. */
public final class ClickHouseClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FORMAT =
            " FORMAT JSONCompactEachRow SETTINGS output_format_json_quote_64bit_integers = 0, date_time_output_format ="
                    + " 'iso'";

    private final URI url;
    private final ServerQueries queries;

    private ClickHouseClient(URI url, ServerQueries queries) {
        this.url = url;
        this.queries = queries;
    }

    /**
     * A client of that server.
     *
     * @param url its HTTP address, such as {@code http://localhost:8123}
     * @param password asked for at each request and kept nowhere
     * @param timeout how long one statement may take
     * @throws IllegalArgumentException for a URL with a user, a password or a query in it
     */
    public static ClickHouseClient of(URI url, String user, Supplier<String> password, Duration timeout) {
        URI address = ServerAddress.checked(Objects.requireNonNull(url, "url"));
        HttpTransport transport = new HttpTransport(address, new Credentials(user, password), timeout);
        return new ClickHouseClient(address, new ServerQueries(transport));
    }

    /**
     * Runs a statement.
     *
     * @param purpose completes "cannot …" in a message
     * @throws ClickHouseSetupException if the server refuses it
     * @throws ClickHouseUnavailableException if it is not known what became of it
     */
    public void run(String purpose, String sql) {
        answer(purpose, sql);
    }

    /**
     * The rows of a SELECT: texts, numbers, truth values, lists and null; a time is text, RFC 3339 in UTC.
     *
     * @param purpose completes "cannot …" in a message
     * @throws ClickHouseSetupException if the server refuses it
     * @throws ClickHouseUnavailableException if it is not known what became of it
     */
    public List<List<@Nullable Object>> select(String purpose, String sql) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        answer(purpose, sql + FORMAT).lines().forEach(line -> {
            List<@Nullable Object> row = new ArrayList<>();
            Collections.addAll(row, JSON.readValue(line, Object[].class));
            rows.add(Collections.unmodifiableList(row));
        });
        return Collections.unmodifiableList(rows);
    }

    private String answer(String purpose, String sql) {
        try {
            return queries.text(purpose, sql);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseUnavailableException("interrupted while it waited for ClickHouse at " + url, e);
        }
    }

    @Override
    public String toString() {
        return "ClickHouseClient[" + url + "]";
    }
}
