package dev.cdp.core.registry;

import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.InvalidSchemaException;
import dev.cdp.core.schema.SchemaCompatibility;
import dev.cdp.core.schema.SchemaDifference;

/** Tells what a newer version of a schema would break. */
@FunctionalInterface
public interface SchemaComparison {

    /** Every break, in words for a person; empty where the newer one is compatible. */
    List<String> breaks(SchemaDraft older, SchemaDraft newer);

    /**
     * The comparison of the catalog's own versions, for JSON Schemas and Avro without references. What it cannot compare is a
     * break.
     */
    static SchemaComparison of(SchemaCompatibility compatibility) {
        Objects.requireNonNull(compatibility, "compatibility");
        return (older, newer) -> {
            try {
                return compatibility.check(schema(older), schema(newer)).breaking().stream()
                        .map(SchemaDifference::toString)
                        .toList();
            } catch (InvalidSchemaException e) {
                return List.of(String.valueOf(e.getMessage()));
            }
        };
    }

    private static EventSchema schema(SchemaDraft draft) {
        String file = draft.type() == SchemaType.AVRO ? "schema.avsc" : "schema.json";
        return EventSchema.load(
                path -> {
                    if (path.equals(file)) {
                        return draft.text().getBytes(StandardCharsets.UTF_8);
                    }
                    throw new FileNotFoundException("'" + path + "' is not compared; only one document is");
                },
                file);
    }
}
