package dev.cdp.clickhouse;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A table as the server has it.
 *
 * @param id another one for a table made anew under the same name
 * @param partitionKey an expression, or empty
 * @param rows how many rows it holds, or 1 where the server does not count
 * @param deduplicationWindow how many parts it remembers
 * @param columns in the server's order
 * @param constraints each {@code CHECK}
 */
record ServerTable(
        UUID id,
        String engine,
        String partitionKey,
        long rows,
        long deduplicationWindow,
        List<ServerColumn> columns,
        List<Constraint> constraints) {

    Optional<ServerColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /**
     * A column.
     *
     * @param defaultKind {@code DEFAULT}, {@code MATERIALIZED}, {@code ALIAS}, {@code EPHEMERAL} or empty
     */
    record ServerColumn(String name, String type, String defaultKind, String defaultExpression) {}

    /** An expression that every row must satisfy. */
    record Constraint(String name, String expression) {}
}
