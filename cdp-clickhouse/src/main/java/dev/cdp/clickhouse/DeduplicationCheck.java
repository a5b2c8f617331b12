package dev.cdp.clickhouse;

import java.util.HashSet;
import java.util.Set;

import dev.cdp.clickhouse.ServerTables.ServerView;

/**
 * Whether a table, and every table that it feeds through materialized views, knows a block that comes again. Serves one
 * table once.
 *
 * @see <a href="https://clickhouse.com/docs/guides/developer/deduplicating-inserts-on-retries">Deduplicating inserts on
 *     retries</a>
 */
final class DeduplicationCheck {

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
                    + SqlText.name(database, name) + " MODIFY SETTING non_replicated_deduplication_window = 10000");
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
