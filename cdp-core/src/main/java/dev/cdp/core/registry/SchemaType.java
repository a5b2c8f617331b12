package dev.cdp.core.registry;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** The language that a registered schema is written in. */
public enum SchemaType {
    /** JSON Schema: values are JSON. */
    JSON,
    /** Avro: values are Avro's binary encoding. */
    AVRO,
    /** Protocol Buffers, which cdp does not decode. */
    PROTOBUF,
    /** Any other, which cdp does not decode. */
    OTHER;

    /** Confluent's API leaves the type out for Avro. */
    static SchemaType of(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return AVRO;
        }
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "AVRO" -> AVRO;
            case "JSON" -> JSON;
            case "PROTOBUF" -> PROTOBUF;
            default -> OTHER;
        };
    }
}
