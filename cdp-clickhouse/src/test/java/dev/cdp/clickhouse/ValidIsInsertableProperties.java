package dev.cdp.clickhouse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.InvalidCatalogException;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.validation.EventValidator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What the validator accepts has a row, whatever its schema: the sink never refuses a valid event. */
final class ValidIsInsertableProperties {

    private static final BatchId BATCH = new BatchId("t", new UUID(1, 2), 0, 0, 1, 0);

    /** At the edges of what a validator, a parser or a column takes. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0",
            "-0.0",
            "1.0",
            "1e3",
            "1e-400",
            "1e400",
            "255",
            "256",
            "-129",
            "9223372036854775808",
            "18446744073709551615",
            "1" + "0".repeat(900),
            "0." + "3".repeat(900),
            "1e2147483647",
            "1e-2147483648",
            "1e99999999999",
            "0.01",
            "0.005",
            "\"\"",
            "\"a\"",
            "\"\\u0000\"",
            "\"\\ud83d\\udc4d\"",
            "\"\\ud83d\"",
            "\"1.2.3.4\"",
            "\"01.2.3.4\"",
            "\"1.2.3\"",
            "\"::\"",
            "\"1:2:3:4:5:6:7:8\"",
            "\"::1.2.3.4\"",
            "\"1::2::3\"",
            "\":::\"",
            "\"1:\"",
            "\"12345::\"",
            "\"fe80::1%eth0\"",
            "\"2026-01-31T12:00:00Z\"",
            "\"2026-01-31t12:00:00.123456789z\"",
            "\"2016-12-31T23:59:60Z\"",
            "\"0001-01-01T00:00:00Z\"",
            "\"2299-12-31T23:59:59-23:59\"",
            "\"2026-01-31\"",
            "\"9999-12-31\"",
            "\"123e4567-e89b-12d3-a456-426614174000\"",
            "\"123E4567-e89b-12d3-a456-426614174000\"",
            "\"1-2-3-4-5\"",
            "[]",
            "[1]",
            "[null]",
            "[\"a\",1]",
            "[[1],[]]",
            "{}",
            "{\"a\":1}",
            "{\"a\":null}",
            "{\"a\":[1]}",
            "{\"a\":{\"a\":1}}",
            "[{\"a\":1}]",
            "[{}]",
            "[{\"a\":{\"a\":1}}]",
            "{\"\":1}",
            "{\"a.b\":1,\"a\":{\"b\":2}}",
            "[".repeat(190) + "]".repeat(190),
            "{\"" + "n".repeat(60_000) + "\":1}",
            "\"" + "x".repeat(70_000) + "\"");

    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void whatIsValidHasARow(
            @ForAll("schemas") String schema,
            @ForAll("schemas") String older,
            @ForAll("payloads") List<String> payloads)
            throws Exception {
        Catalog both = catalog(schema, older);
        Catalog catalog = both == null ? catalog(schema, schema) : both;
        Statistics.label("loads").collect(catalog != null);
        if (catalog == null) {
            return;
        }
        EventDefinition event = catalog.event("e").orElseThrow();
        TableDefinition table = event.table().orElseThrow();
        EventValidator validator = EventValidator.of(catalog);
        for (String payload : payloads) {
            for (int version : event.versions().keySet()) {
                byte[] json = payload.getBytes(UTF_8);
                boolean valid = validator.validate("e", version, json).valid();
                Statistics.label("valid").collect(valid);
                if (valid) {
                    SinkEvent row = new SinkEvent(
                            0,
                            new EventAttributes("id", "e", URI.create("//t"), Instant.EPOCH, null, null),
                            version,
                            json);
                    for (RowEncoder encoder : List.of(new RowEncoder(table), RowEncoder.byTokens(table))) {
                        assertThat(encoder.encode(BATCH, List.of(row), 0).rejected())
                                .as("%.300s of version %s of %s and %s", payload, version, schema, older)
                                .isEmpty();
                    }
                }
            }
        }
    }

    @Tag("campaign")
    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void whatIsValidHasARowForManySchemas(
            @ForAll("schemas") String schema,
            @ForAll("schemas") String older,
            @ForAll("payloads") List<String> payloads)
            throws Exception {
        whatIsValidHasARow(schema, older, payloads);
    }

    /** Found once, and kept. */
    @Example
    void knownCases() throws Exception {
        String address =
                "{ type: object, properties: { a: { type: string, x-clickhouse-type: IPv4 }, b: { type: string,"
                        + " x-clickhouse-type: IPv6 } } }";
        whatIsValidHasARow(
                address,
                address,
                List.of("{\"a\":\"\"}", "{\"a\":\"1.2.3\"}", "{\"b\":\"1::2::3\"}", "{\"b\":\"fe80::1%eth0\"}"));
        String open = "{ properties: { a: { type: string } } }";
        String name = "n".repeat(60_000);
        whatIsValidHasARow(open, open, List.of("[1]", "null", "1", "{\"" + name + "\":{\"" + name + "\":1}}"));
        String whole = "{ type: object, properties: { a: { type: string } } }";
        String parts = "{ type: object, properties: { a: { type: object, properties: { b: { type: string } } } } }";
        assertThat(catalog(whole, parts)).isNull();
    }

    /** A catalog of both as versions of one event, or null where it is refused. */
    private static @Nullable Catalog catalog(String schema, String older) throws IOException {
        Path folder = Files.createTempDirectory("cdp-catalog");
        Path file = folder.resolve("cdp.yaml");
        try {
            Files.writeString(
                    file,
                    "cdp: 1\ncatalog: c\nsource: //c\nevents: { e: { version: 2, schema: " + schema
                            + ", versions: { 1: " + older + " } } }\n");
            return Catalog.load(file);
        } catch (InvalidCatalogException e) {
            return null;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    @Provide
    Arbitrary<String> schemas() {
        Arbitrary<String> properties = Combinators.combine(field(2), field(2), field(1))
                .as((a, b, c) -> "\"properties\": { \"a\": " + a + ", \"b.c\": " + b + ", \"é\": " + c + " }");
        return Combinators.combine(
                        properties,
                        Arbitraries.of("", "\"type\": \"object\", ", "\"type\": [\"object\", \"array\"], "),
                        Arbitraries.of("", ", \"required\": [\"a\"]"))
                .as((fields, type, required) -> "{ " + type + fields + required + " }");
    }

    private Arbitrary<String> field(int depth) {
        Arbitrary<String> leaf = Combinators.combine(
                        Arbitraries.of(
                                "",
                                "\"type\": \"integer\"",
                                "\"type\": \"number\"",
                                "\"type\": \"string\"",
                                "\"type\": \"boolean\"",
                                "\"type\": [\"string\", \"null\"]",
                                "\"type\": [\"string\"," + " \"object\"]",
                                "\"type\": \"object\"",
                                "\"type\": \"array\""),
                        Arbitraries.of(
                                "",
                                "",
                                "\"format\": \"date-time\"",
                                "\"format\": \"date\"",
                                "\"format\": \"uuid\"",
                                "\"format\": \"ipv4\"",
                                "\"format\": \"ipv6\"",
                                "\"minimum\": 0, \"maximum\": 300",
                                "\"multipleOf\": 0.01",
                                "\"enum\": [\"a\", null]",
                                "\"const\": 1"),
                        Arbitraries.of(
                                "",
                                "",
                                "",
                                "UInt8",
                                "Int64",
                                "Float32",
                                "String",
                                "LowCardinality(String)",
                                "LowCardinality(UUID)",
                                "UUID",
                                "IPv4",
                                "IPv6",
                                "Date32",
                                "DateTime64(9)",
                                "Decimal(9, 2)",
                                "Bool",
                                "JSON",
                                "Array(IPv6)",
                                "Array(Nullable(Int8))",
                                "Map(String, UInt8)",
                                "Array(Tuple(a UInt8))",
                                "Map(String, Map(String, Nullable(Decimal(9, 2))))"))
                .as((type, more, named) -> {
                    List<String> parts = new ArrayList<>(List.of(type, more));
                    parts.add(named.isEmpty() ? "" : "\"x-clickhouse-type\": \"" + named + "\"");
                    parts.removeIf(String::isEmpty);
                    return "{ " + String.join(", ", parts) + " }";
                });
        if (depth == 0) {
            return leaf;
        }
        return Arbitraries.oneOf(
                leaf,
                leaf,
                field(depth - 1).map(a -> "{ \"type\": \"object\", \"properties\": { \"a\": " + a + " } }"),
                field(depth - 1).map(a -> "{ \"properties\": { \"a\": " + a + " }, \"required\": [\"a\"] }"),
                field(depth - 1).map(a -> "{ \"type\": \"array\", \"items\": " + a + " }"),
                field(depth - 1)
                        .map(a -> "{ \"type\": \"array\", \"items\": { \"type\": \"object\", \"properties\": { \"a\": "
                                + a + " } } }"),
                field(depth - 1).map(a -> "{ \"type\": \"object\", \"additionalProperties\": " + a + " }"));
    }

    @Provide
    Arbitrary<List<String>> payloads() {
        Arbitrary<String> value = Arbitraries.of(VALUES);
        Arbitrary<String> object = Combinators.combine(
                        value,
                        value,
                        value,
                        Arbitraries.of(
                                "",
                                ", \"other\": 1e400",
                                ", \"a\": 1",
                                ", \"" + "k".repeat(60_000) + "\": " + "1".repeat(999)))
                .as((a, b, c, more) -> "{\"a\": " + a + ", \"b.c\": " + b + ", \"é\": " + c + more + "}");
        Arbitrary<String> one = value.map(a -> "{\"a\":" + a + "}");
        return Arbitraries.frequencyOf(Tuple.of(3, object), Tuple.of(6, one), Tuple.of(1, value))
                .list()
                .ofSize(40);
    }
}
