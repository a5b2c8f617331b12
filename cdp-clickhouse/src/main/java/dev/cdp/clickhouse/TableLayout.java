package dev.cdp.clickhouse;

import java.util.Objects;

/**
 * What is the server's about tables, and not the catalog's.
 *
 * @param deduplicationWindow how many parts a table that is created remembers, to know a block that comes again, 100 to
 *     1,000,000
 * @param cluster the cluster that every statement names with {@code ON CLUSTER}; empty for none
 * @param replication whether tables are created with a {@code Replicated} engine
 * @see <a href="https://clickhouse.com/docs/sql-reference/distributed-ddl">ON CLUSTER</a>
 */
public record TableLayout(int deduplicationWindow, String cluster, Replication replication) {

    /** One server, and a window of 10,000 parts. */
    public static final TableLayout SINGLE = new TableLayout(10_000, "", Replication.NONE);

    /** Refuses a window that is out of range. */
    public TableLayout {
        if (deduplicationWindow < 100 || deduplicationWindow > 1_000_000) {
            throw new IllegalArgumentException(
                    "deduplicationWindow: expected 100 to 1,000,000 parts, found " + deduplicationWindow);
        }
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(replication, "replication");
    }

    /** How copies of a table come about. */
    public enum Replication {
        /** There are none, or the database sees to it. */
        NONE,
        /** By the engine; where it keeps its path in Keeper is the server's default. */
        ENGINE
    }
}
