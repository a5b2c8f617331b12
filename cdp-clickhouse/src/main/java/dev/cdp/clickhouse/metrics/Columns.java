package dev.cdp.clickhouse.metrics;

import dev.cdp.core.schema.ColumnType;

/** What a column's type is without what wraps it. */
final class Columns {

    private Columns() {}

    static ColumnType bare(ColumnType type) {
        if (type instanceof ColumnType.LowCardinality low) {
            return bare(low.element());
        }
        return type instanceof ColumnType.Nullable nullable ? bare(nullable.element()) : type;
    }
}
