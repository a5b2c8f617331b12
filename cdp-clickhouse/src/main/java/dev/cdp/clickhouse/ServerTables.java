package dev.cdp.clickhouse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.ServerTable.Constraint;
import dev.cdp.clickhouse.ServerTable.ServerColumn;

/** Reads from the server's own tables what there is. Thread-safe. */
final class ServerTables {

    private final ServerQueries queries;

    ServerTables(ServerQueries queries) {
        this.queries = queries;
    }

    /** The table of that name, if there is one. */
    Optional<ServerTable> find(String database, String name) throws InterruptedException {
        String purpose = "look at table " + database + "." + name;
        String where = " WHERE database = " + SqlText.text(database) + " AND ";
        List<List<String>> tables = queries.select(
                purpose,
                "SELECT toString(uuid), engine, engine_full, partition_key, ifNull(total_rows, 1), sorting_key, comment"
                        + " FROM system.tables"
                        + where + "name = " + SqlText.text(name));
        if (tables.isEmpty()) {
            return Optional.empty();
        }
        List<String> table = tables.get(0);
        List<ServerColumn> columns = new ArrayList<>();
        for (List<String> row : queries.select(
                purpose,
                "SELECT name, type, default_kind, default_expression, comment, compression_codec,"
                        + " is_in_sorting_key OR is_in_partition_key FROM system.columns" + where + "table = "
                        + SqlText.text(name) + " ORDER BY position")) {
            columns.add(new ServerColumn(
                    row.get(0),
                    row.get(1),
                    row.get(2),
                    row.get(3),
                    row.get(4),
                    row.get(5),
                    row.get(6).equals("1")));
        }
        return Optional.of(new ServerTable(
                UUID.fromString(table.get(0)),
                table.get(1),
                table.get(3),
                table.get(5),
                ttl(table.get(2)),
                Long.parseLong(table.get(4)),
                deduplication(table.get(1), table.get(2), "_deduplication_window"),
                replicated(table.get(1))
                        ? deduplication(table.get(1), table.get(2), "_deduplication_window_seconds")
                        : Long.MAX_VALUE,
                table.get(6),
                columns,
                constraints(purpose, where + "table = " + SqlText.text(name))));
    }

    /** The materialized views that a table feeds; none from a server that does not tell what they feed in turn. */
    List<ServerView> views(String database, String name) throws InterruptedException {
        String purpose = "look at the views of table " + database + "." + name;
        boolean told = !queries.select(
                        purpose,
                        "SELECT name FROM system.columns WHERE database = 'system' AND table = 'tables' AND name ="
                                + " 'target_table'")
                .isEmpty();
        List<ServerView> views = new ArrayList<>();
        requireVisible(purpose, database, name);
        if (told) {
            for (List<String> row : queries.select(
                    purpose,
                    "SELECT database, name, target_database, target_table FROM system.tables WHERE engine ="
                            + " 'MaterializedView' AND (database, name) IN (SELECT arrayJoin(arrayZip("
                            + "dependencies_database, dependencies_table)) FROM system.tables WHERE database = "
                            + SqlText.text(database) + " AND name = " + SqlText.text(name) + ")")) {
                views.add(new ServerView(row.get(0) + "." + row.get(1), row.get(2), row.get(3)));
            }
        }
        return views;
    }

    /** The server names views also to a user who may not see them, and then lists nothing of them. */
    private void requireVisible(String purpose, String database, String name) throws InterruptedException {
        List<List<String>> hidden = queries.select(
                purpose,
                "SELECT concat(behind.1, '.', behind.2) FROM (SELECT arrayJoin(arrayZip(dependencies_database,"
                        + " dependencies_table)) AS behind FROM system.tables WHERE database = "
                        + SqlText.text(database) + " AND name = " + SqlText.text(name)
                        + ") WHERE behind NOT IN (SELECT database, name FROM system.tables)");
        if (!hidden.isEmpty()) {
            throw new ClickHouseSetupException("table " + database + "." + name + " feeds "
                    + hidden.get(0).get(0) + ", which this user may not see: it is not known whether a batch that comes"
                    + " again would be stored there twice. Run: GRANT SHOW TABLES, SHOW COLUMNS ON *.* TO its role"
                    + " (bin/cdp ddl grants)");
        }
    }

    /** A view behind a table, directly or through other views, that writes to a table which is not there. */
    Optional<String> viewWithoutTarget(String database, String name) throws InterruptedException {
        Deque<List<String>> sources = new ArrayDeque<>(List.of(List.of(database, name)));
        Set<List<String>> seen = new HashSet<>(sources);
        while (!sources.isEmpty()) {
            List<String> source = sources.remove();
            for (ServerView view : views(source.get(0), source.get(1))) {
                List<String> target = List.of(view.targetDatabase(), view.targetTable());
                if (find(view.targetDatabase(), view.targetTable()).isEmpty()) {
                    return Optional.of(view.name());
                }
                if (seen.add(target)) {
                    sources.add(target);
                }
            }
        }
        return Optional.empty();
    }

    /** The first of these names, each with its database's, that is a materialized view's. */
    Optional<String> materializedView(Set<String> names) throws InterruptedException {
        return queries
                .select(
                        "look for a materialized view",
                        "SELECT concat(database, '.', name) AS full FROM system.tables WHERE engine ="
                                + " 'MaterializedView' AND full IN ("
                                + names.stream().map(SqlText::text).collect(Collectors.joining(", ")) + ") LIMIT 1")
                .stream()
                .map(row -> row.get(0))
                .findFirst();
    }

    /** The engine of a database, if there is such a database. */
    Optional<String> databaseEngine(String database) throws InterruptedException {
        return queries
                .select(
                        "look at database " + database,
                        "SELECT engine FROM system.databases WHERE name = " + SqlText.text(database))
                .stream()
                .map(row -> row.get(0))
                .findFirst();
    }

    private static String ttl(String engineFull) {
        Matcher ttl = Pattern.compile(" TTL (.+?)(?: SETTINGS .*)?$").matcher(engineFull);
        return ttl.find() ? ttl.group(1) : "";
    }

    /** What the table says for itself, else the server's default. */
    private long deduplication(String engine, String engineFull, String name) throws InterruptedException {
        boolean replicated = replicated(engine);
        String setting = (replicated ? "replicated" : "non_replicated") + name;
        Matcher own = Pattern.compile("\\b" + setting + " = (\\d+)").matcher(engineFull);
        if (own.find()) {
            return Long.parseLong(own.group(1));
        }
        List<List<String>> rows = queries.select(
                "look at the server's deduplication window",
                "SELECT value FROM system." + (replicated ? "replicated_merge_tree_settings" : "merge_tree_settings")
                        + " WHERE name = " + SqlText.text(setting));
        return rows.isEmpty() ? 0 : Long.parseLong(rows.get(0).get(0));
    }

    private static boolean replicated(String engine) {
        return engine.startsWith("Replicated") || engine.startsWith("Shared");
    }

    /** None from a server that does not list them. */
    private List<Constraint> constraints(String purpose, String where) throws InterruptedException {
        boolean listed = !queries.select(
                        purpose, "SELECT name FROM system.tables WHERE database = 'system' AND name = 'constraints'")
                .isEmpty();
        List<Constraint> constraints = new ArrayList<>();
        if (listed) {
            for (List<String> row : queries.select(
                    purpose, "SELECT name, expression FROM system.constraints" + where + " AND type = 'CHECK'")) {
                constraints.add(new Constraint(row.get(0), row.get(1)));
            }
        }
        return constraints;
    }

    /** A materialized view and the table that it writes to. */
    record ServerView(String name, String targetDatabase, String targetTable) {}
}
