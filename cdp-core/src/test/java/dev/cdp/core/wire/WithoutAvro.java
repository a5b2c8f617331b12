package dev.cdp.core.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.SchemaType;

/** Reads an Avro value and tells what was said of it; a test runs it in a class loader that lacks Avro. */
public final class WithoutAvro implements Supplier<String> {

    @Override
    public String get() {
        RegisteredSchema schema =
                new RegisteredSchema(1, null, List.of(), SchemaType.AVRO, "{\"type\":\"string\"}", Map.of());
        RecordReader reader = new RecordReader(WireCatalog.CATALOG, key -> Optional.of(schema));
        Reading reading = reader.read(WireCatalog.record("alone", EventHeaders.none(), new byte[] {0, 0, 0, 0, 1, 0}));
        return reading.toString();
    }
}
