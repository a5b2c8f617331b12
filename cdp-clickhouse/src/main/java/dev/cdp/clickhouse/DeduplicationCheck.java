package dev.cdp.clickhouse;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.cdp.clickhouse.ServerTables.ServerView;

/**
 * Whether a table, and every table that it feeds through materialized views, knows a block that comes again. Serves one
 * table once.
 *
 * @see <a href="https://clickhouse.com/docs/guides/developer/deduplicating-inserts-on-retries">Deduplicating inserts on
 *     retries</a>
 */
final class DeduplicationCheck {

    /** The ways in which servers hash a token under which they know the block that comes again. */
    private static final Set<String> HASHES =
            Set.of("old_separate_hashes", "compatible_double_hashes", "new_unified_hash");

    /** A day: what is stored on replicas is not read back, so a longer outage than what they remember is a second row. */
    private static final long LEAST_SECONDS = 86_400;

    private final ServerTables tables;
    private final Set<String> seen = new HashSet<>();
    private long least = Long.MAX_VALUE;

    DeduplicationCheck(ServerTables tables) {
        this.tables = tables;
    }

    /**
     * What they remember.
     *
     * @throws ClickHouseSetupException if one of them would store a block twice, with what to do
     */
    Memory check(String database, String name, ServerTable table) throws InterruptedException {
        check(database, name, table, "table " + database + "." + name);
        return new Memory(least, seen.size() > 1);
    }

    /**
     * Refuses a server whose {@code insert_deduplication_version} is not one that is known. One that has no such setting
     * hashes as all did before there was a choice.
     *
     * @throws ClickHouseSetupException if it is another one
     */
    static void requireKnownHash(ServerQueries queries) throws InterruptedException {
        String purpose = "see how the server knows a block that comes again";
        boolean told = !queries.select(
                        purpose,
                        "SELECT name FROM system.tables WHERE database = 'system' AND name = 'server_settings'")
                .isEmpty();
        if (!told) {
            return;
        }
        for (List<String> row : queries.select(
                purpose, "SELECT value FROM system.server_settings WHERE name = 'insert_deduplication_version'")) {
            if (!HASHES.contains(row.get(0))) {
                throw new ClickHouseSetupException("the server's insert_deduplication_version is " + row.get(0)
                        + ", of which it is not known here whether a block that comes again is stored once; expected one"
                        + " of " + new TreeSet<>(HASHES) + ", or use a newer cdp");
            }
        }
    }

    private void check(String database, String name, ServerTable table, String what) throws InterruptedException {
        if (!seen.add(database + "." + name)) {
            return;
        }
        if (!table.engine().endsWith("MergeTree")) {
            throw new ClickHouseSetupException(what + " has the engine " + table.engine()
                    + ", which does not know a block that comes again; expected one of the MergeTree family");
        }
        if (table.deduplicationWindow() <= 0) {
            throw new ClickHouseSetupException(what
                    + " forgets every block at once, so one that comes again would be stored twice; run: ALTER TABLE "
                    + SqlText.name(database, name) + " MODIFY SETTING " + table.windowSetting() + " = 10000");
        }
        if (table.deduplicationSeconds() < LEAST_SECONDS) {
            throw new ClickHouseSetupException(what + " forgets a block after " + table.deduplicationSeconds()
                    + " s, so one that comes again after a longer outage would be stored twice; expected a day or more;"
                    + " run: ALTER TABLE " + SqlText.name(database, name) + " MODIFY SETTING "
                    + table.windowSetting() + "_seconds = 604800");
        }
        least = Math.min(least, table.deduplicationWindow());
        for (ServerView view : tables.views(database, name)) {
            ServerTable target =
                    tables.find(view.targetDatabase(), view.targetTable()).orElse(null);
            if (target != null) {
                String targetName = view.targetDatabase() + "." + view.targetTable();
                check(
                        view.targetDatabase(),
                        view.targetTable(),
                        target,
                        "table " + targetName + ", which materialized view " + view.name() + " writes to,");
            }
        }
    }

    /**
     * How well a table knows a block that comes again.
     *
     * @param parts how many parts the most forgetful of the table and those that it feeds remembers
     * @param views whether it feeds others
     */
    record Memory(long parts, boolean views) {}
}
