package dev.cdp.clickhouse.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.SqlText;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows out of a table for the moment in which a view is put on it. Inserts are refused as if there were too many
 * parts, which every loader takes for an outage: it writes them again. Decision 24 has the why.
 */
final class InsertFence implements AutoCloseable {

    private static final String SETTING = "max_parts_in_total";
    private static final Pattern OWN = Pattern.compile("\\b" + SETTING + " = (\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ClickHouseClient client;
    private final String database;
    private final String table;
    private final String own;

    private InsertFence(ClickHouseClient client, String database, String table, String own) {
        this.client = client;
        this.database = database;
        this.table = table;
        this.own = own;
    }

    /**
     * Returns when no insert into the table is under way and none can begin.
     *
     * @throws RollupException if inserts do not end, or the table's engine knows no fence
     */
    static InsertFence around(ClickHouseClient client, String database, String table) {
        List<List<@Nullable Object>> found = client.select(
                "look at table " + database + "." + table,
                "SELECT engine, engine_full FROM system.tables WHERE database = " + SqlText.text(database)
                        + " AND name = " + SqlText.text(table));
        if (found.isEmpty()) {
            throw new RollupException("table " + database + "." + table
                    + " does not exist; create the tables of facts first, with ClickHouseSink.migrate()");
        }
        String engine = String.valueOf(found.get(0).get(0));
        if (!engine.endsWith("MergeTree") || engine.startsWith("Replicated") || engine.startsWith("Shared")) {
            throw new RollupException("table " + database + "." + table + " has the engine " + engine
                    + "; rollups are built on tables of one server's MergeTree family, whose inserts can be held for a"
                    + " moment. Metrics of it are answered from its facts");
        }
        Matcher own = OWN.matcher(String.valueOf(found.get(0).get(1)));
        boolean set = own.find() && !own.group(1).equals("0"); // 0 is a fence that a killed process left
        InsertFence fence = new InsertFence(client, database, table, set ? own.group(1) : "");
        try {
            fence.alter("MODIFY SETTING " + SETTING + " = 0");
            fence.awaitInserts();
            return fence;
        } catch (RuntimeException e) {
            fence.close();
            throw e;
        }
    }

    private void awaitInserts() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String running = "SELECT count() FROM system.processes WHERE query_kind = 'Insert' AND position(query, "
                + SqlText.text(table) + ") > 0";
        while (!String.valueOf(
                        client.select("look at running inserts", running).get(0).get(0))
                .equals("0")) {
            if (System.nanoTime() > deadline) {
                throw new RollupException("inserts into " + database + "." + table + " did not end within "
                        + PATIENCE.toMinutes() + " minutes; look at system.processes and run this again");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Lets rows in again. */
    @Override
    public void close() {
        alter(own.isEmpty() ? "RESET SETTING " + SETTING : "MODIFY SETTING " + SETTING + " = " + own);
    }

    private void alter(String change) {
        client.run(
                "hold inserts into " + database + "." + table + " for a moment",
                "ALTER TABLE " + SqlText.name(database, table) + " " + change);
    }
}
