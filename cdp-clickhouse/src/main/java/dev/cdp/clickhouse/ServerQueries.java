package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Statements that carry no rows, with the server's errors as what a caller can do about them. The server's own words are
 * part of the message here, since no payload is part of the statement.
 */
final class ServerQueries {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_SHOWN = 500;

    private final InsertPort port;

    ServerQueries(InsertPort port) {
        this.port = port;
    }

    /** Runs a statement; {@code purpose} completes "cannot …". */
    void run(String purpose, String sql) throws InterruptedException {
        text(purpose, sql);
    }

    /** The rows of a SELECT, every value as text; none may be NULL. */
    List<List<String>> select(String purpose, String sql) throws InterruptedException {
        String answer = text(purpose, sql + " FORMAT JSONCompactStringsEachRow");
        List<List<String>> rows = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), answer)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                require(token == JsonToken.START_ARRAY, purpose);
                List<String> row = new ArrayList<>();
                for (token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                    require(token == JsonToken.VALUE_STRING, purpose);
                    row.add(parser.getString());
                }
                rows.add(row);
            }
        } catch (JacksonException e) {
            throw unreadable(purpose, e);
        }
        return rows;
    }

    /** The one number that a SELECT answers. */
    long number(String purpose, String sql) throws InterruptedException {
        List<List<String>> rows = select(purpose, sql);
        require(
                rows.size() == 1
                        && rows.get(0).size() == 1
                        && rows.get(0).get(0).matches("-?[0-9]{1,18}"),
                purpose);
        return Long.parseLong(rows.get(0).get(0));
    }

    private static void require(boolean expected, String purpose) {
        if (!expected) {
            throw unreadable(purpose, null);
        }
    }

    private static ClickHouseUnavailableException unreadable(String purpose, @Nullable Throwable cause) {
        return new ClickHouseUnavailableException(
                "cannot " + purpose
                        + ": ClickHouse's answer is not one to this statement; check that no proxy answers in"
                        + " its place or changes its answers",
                cause);
    }

    /** The answer as the server gives it. */
    String text(String purpose, String sql) throws InterruptedException {
        try {
            return port.query(sql);
        } catch (ServerErrorException e) {
            String told = "cannot " + purpose + ": ClickHouse error " + ServerErrors.describe(e.code());
            if (e.kind() == ServerErrors.Kind.OUTAGE || e.kind() == ServerErrors.Kind.TOO_LARGE) {
                throw new ClickHouseUnavailableException(
                        "cannot " + purpose + ": ClickHouse error " + ServerErrors.describeWithAdvice(e.code()), e);
            }
            throw new ClickHouseSetupException(
                    told + "; " + ServerErrors.advice(e.code()) + ". The server says: " + shown(e.serverText()), e);
        }
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
    }
}
