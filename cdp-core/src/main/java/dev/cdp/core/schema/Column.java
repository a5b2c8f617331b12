package dev.cdp.core.schema;

/**
 * The column that a field of an event is stored in.
 *
 * @param name the field's path joined by {@code _}
 * @param pointer JSON Pointer of the field in the payload
 * @param type what it holds; {@link ColumnType.Nullable} (or an array or a map) where the field may be absent
 * @param description the field's description in the schema, else empty
 */
public record Column(String name, String pointer, ColumnType type, String description) {

    /** Whether a row may leave it out: an absent field is NULL, and an absent array or map is empty. */
    public boolean optional() {
        ColumnType bare = type instanceof ColumnType.LowCardinality low ? low.element() : type;
        return bare instanceof ColumnType.Nullable
                || bare instanceof ColumnType.Array
                || bare instanceof ColumnType.Map;
    }
}
