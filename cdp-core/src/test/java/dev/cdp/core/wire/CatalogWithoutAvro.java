package dev.cdp.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.InvalidSchemaException;

/** Loads an Avro schema and tells what was said of it; a test runs it in a class loader that lacks Avro. */
public final class CatalogWithoutAvro implements Supplier<String> {

    @Override
    public String get() {
        try {
            return EventSchema.load(path -> "{}".getBytes(StandardCharsets.UTF_8), "trip.avsc")
                    .text();
        } catch (InvalidSchemaException e) {
            return e.getMessage();
        }
    }
}
