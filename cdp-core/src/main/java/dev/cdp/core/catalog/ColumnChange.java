package dev.cdp.core.catalog;

import java.util.Optional;

import dev.cdp.core.schema.Column;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table that two catalogs do not agree on.
 *
 * @param table {@code database.table}
 * @param beforeOrNull the column in the old catalog; null where it is added
 * @param afterOrNull the column in the new one; null where it is removed
 */
public record ColumnChange(
        String table,
        @Nullable Column beforeOrNull,
        @Nullable Column afterOrNull) {

    /** Which way it changed. */
    public enum Kind {
        /** Only the new catalog has it. */
        ADDED,
        /** Only the old catalog has it. */
        REMOVED,
        /** It has another type. */
        RETYPED
    }

    /** Which way it changed. */
    public Kind kind() {
        return beforeOrNull == null ? Kind.ADDED : afterOrNull == null ? Kind.REMOVED : Kind.RETYPED;
    }

    /** The column's name. */
    public String name() {
        return either().name();
    }

    /** The field that it keeps. */
    public String pointer() {
        return either().pointer();
    }

    /** Its type before, as ClickHouse writes it; empty where it is added. */
    public Optional<String> typeBefore() {
        return Optional.ofNullable(beforeOrNull).map(column -> column.type().sql());
    }

    /** Its type after, as ClickHouse writes it; empty where it is removed. */
    public Optional<String> typeAfter() {
        return Optional.ofNullable(afterOrNull).map(column -> column.type().sql());
    }

    private Column either() {
        Column column = afterOrNull == null ? beforeOrNull : afterOrNull;
        if (column == null) {
            throw new IllegalStateException("a change of no column");
        }
        return column;
    }
}
