package dev.cdp.clickhouse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks a ClickHouse server over HTTP, one statement at a time. Thread-safe; nothing is connected to before a call. */
public final class ClickHouseClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FORMAT =
            " FORMAT JSONCompactEachRow SETTINGS output_format_json_quote_64bit_integers = 0, date_time_output_format ="
                    + " 'iso'";

    private final String server;
    private final ServerQueries queries;

    private ClickHouseClient(String server, ServerQueries queries) {
        this.server = server;
        this.queries = queries;
    }

    /**
     * A client of that server.
     *
     * @param timeout how long one statement may take
     */
    public static ClickHouseClient of(ClickHouseServer server, Duration timeout) {
        return new ClickHouseClient(server.toString(), server.queries(timeout));
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
            try {
                Collections.addAll(row, JSON.readValue(line, Object[].class));
            } catch (JacksonException e) {
                throw new ClickHouseUnavailableException(
                        "cannot " + purpose + ": the answer of " + server
                                + " is not one to this statement; check that no proxy changes it",
                        e);
            }
            rows.add(Collections.unmodifiableList(row));
        });
        return Collections.unmodifiableList(rows);
    }

    private String answer(String purpose, String sql) {
        try {
            return queries.text(purpose, sql);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseUnavailableException("interrupted while it waited for " + server, e);
        }
    }

    @Override
    public String toString() {
        return "ClickHouseClient of " + server;
    }
}
