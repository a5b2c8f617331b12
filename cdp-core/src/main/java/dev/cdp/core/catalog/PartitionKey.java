package dev.cdp.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.cdp.core.schema.ColumnType;

/**
 * By what a table's rows are kept apart in parts, as {@code partition-by} of a catalog says it. It is read, not copied: what
 * reaches a server is written again from these parts. Immutable.
 *
 * @param parts none for a table in one partition
 */
public record PartitionKey(List<KeyExpression> parts) {

    /** {@code toYYYYMM(event_time)}. */
    public static final PartitionKey MONTHLY = new PartitionKey(List.of(new KeyExpression.Call(
            KeyFunction.TO_YYYYMM, List.of(new KeyExpression.OfColumn(TableDefinition.EVENT_TIME)))));

    /** Copies the list. */
    public PartitionKey {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a key as a catalog, or a server's {@code system.tables}, writes it.
     *
     * @param columns the type of the column of a name
     * @throws IllegalArgumentException with what was expected, what was found and where
     */
    public static PartitionKey parse(String text, Function<String, Optional<ColumnType>> columns) {
        return PartitionKeyReader.read(text, columns);
    }

    /** As a catalog writes it. */
    @Override
    public String toString() {
        if (parts.isEmpty()) {
            return "tuple()";
        }
        String list = parts.stream().map(KeyExpression::toString).collect(Collectors.joining(", "));
        return parts.size() == 1 ? list : "(" + list + ")";
    }
}
