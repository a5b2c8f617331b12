package dev.cdp.core.catalog;

/** The engines that a table may have, as they are without replication. */
public enum TableEngine {
    /** Keeps every row. */
    MERGE_TREE("MergeTree"),
    /** Keeps, when it merges, the last of the rows with one sorting key. */
    REPLACING_MERGE_TREE("ReplacingMergeTree");

    private final String sql;

    TableEngine(String sql) {
        this.sql = sql;
    }

    /** Its name in ClickHouse and in catalogs. */
    public String sql() {
        return sql;
    }

    /** @throws IllegalArgumentException for another name */
    static TableEngine of(String name) {
        for (TableEngine engine : values()) {
            if (engine.sql.equals(name)) {
                return engine;
            }
        }
        throw new IllegalArgumentException();
    }
}
