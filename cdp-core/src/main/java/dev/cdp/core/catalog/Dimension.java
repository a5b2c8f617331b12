package dev.cdp.core.catalog;

import java.util.Optional;

import dev.cdp.core.schema.Column;

/**
 * A field by whose values metrics are sliced.
 *
 * @param name its name in {@code cdp.yaml}
 * @param path JSON Pointer of the field in the payload of each event that has it
 * @param description what it means, else empty
 */
public record Dimension(String name, String path, String description) {

    /** The column that an event's table keeps it in; empty where the event has no such field, or no table. */
    public Optional<Column> column(EventDefinition event) {
        return event.table().flatMap(table -> table.columnAt(path));
    }
}
