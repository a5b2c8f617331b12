package dev.cdp.core.registry;

import java.util.List;
import java.util.Objects;

/**
 * A schema that is to be registered or compared.
 *
 * @param type its language
 * @param text the schema itself
 * @param references the registered schemas that it uses directly
 */
public record SchemaDraft(SchemaType type, String text, List<SchemaReference> references) {

    /** Checks and copies. */
    public SchemaDraft {
        Objects.requireNonNull(text, "text");
        if (type == SchemaType.OTHER) {
            throw new IllegalArgumentException("type: expected JSON, AVRO or PROTOBUF, found OTHER");
        }
        references = List.copyOf(references);
    }

    /** A JSON Schema without references. */
    public static SchemaDraft json(String text) {
        return new SchemaDraft(SchemaType.JSON, text, List.of());
    }

    /** An Avro schema without references. */
    public static SchemaDraft avro(String text) {
        return new SchemaDraft(SchemaType.AVRO, text, List.of());
    }
}
