package dev.cdp.clickhouse;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.cdp.core.schema.ColumnType;

/**
 * A table as the server has it.
 *
 * @param id another one for a table made anew under the same name
 * @param partitionKey an expression, or empty
 * @param sortingKey an expression, or empty
 * @param ttl an expression, or empty
 * @param rows how many rows it holds, or 1 where the server does not count
 * @param deduplicationWindow how many parts it remembers
 * @param deduplicationSeconds for how long, where it is a table of replicas
 * @param comment its description, or empty
 * @param columns in the server's order
 * @param constraints each {@code CHECK}
 */
record ServerTable(
        UUID id,
        String engine,
        String partitionKey,
        String sortingKey,
        String ttl,
        long rows,
        long deduplicationWindow,
        long deduplicationSeconds,
        String comment,
        List<ServerColumn> columns,
        List<Constraint> constraints) {

    /** Whether what it holds and which tokens it knows is this server's own affair, and not one of replicas. */
    boolean keepsItsOwnBlocks() {
        return !engine.startsWith("Replicated") && !engine.startsWith("Shared");
    }

    /** The setting that says how many parts it remembers. */
    String windowSetting() {
        return (keepsItsOwnBlocks() ? "non_replicated" : "replicated") + "_deduplication_window";
    }

    Optional<ServerColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /**
     * A column.
     *
     * @param defaultKind {@code DEFAULT}, {@code MATERIALIZED}, {@code ALIAS}, {@code EPHEMERAL} or empty
     * @param codec {@code CODEC(…)} or empty
     * @param key whether rows are sorted or partitioned by it
     */
    record ServerColumn(
            String name,
            String type,
            String defaultKind,
            String defaultExpression,
            String comment,
            String codec,
            boolean key) {

        /** Whether it is of that type; which names in a type are quoted depends on the server's version. */
        boolean holds(ColumnType expected) {
            if (type.equals(expected.sql())) {
                return true;
            }
            try {
                return ColumnType.parse(type).sql().equals(expected.sql());
            } catch (IllegalArgumentException e) {
                return false; // a type that cdp does not write
            }
        }
    }

    /** An expression that every row must satisfy. */
    record Constraint(String name, String expression) {}
}
