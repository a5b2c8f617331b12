package dev.cdp.core.wire;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogFolder;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.InvalidCatalogException;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.SchemaType;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An event whose schema is Avro: Avro's own encoder writes it, and it is read, validated and has columns. */
final class AvroEventTest {

    private static final String TRIP = """
            {"type": "record", "name": "TripEnded", "namespace": "com.example", "doc": "A ride came to its end.",
             "fields": [
              {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
              {"name": "ended_at", "type": {"type": "long", "logicalType": "timestamp-millis"}, "doc": "When."},
              {"name": "metres", "type": "int"},
              {"name": "fare", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "tip", "type": ["null", "double"], "default": null},
              {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["BIKE", "CAR"]}},
              {"name": "other", "type": ["null", "Kind"], "default": null},
              {"name": "start", "type": {"type": "record", "name": "Place", "fields": [
                {"name": "city", "type": "string", "x-clickhouse-type": "LowCardinality(String)"},
                {"name": "address", "type": ["null", "string"], "x-pii": true}]}},
              {"name": "end", "type": ["null", "Place"]},
              {"name": "tags", "type": {"type": "array", "items": "string"}},
              {"name": "extra", "type": {"type": "map", "values": ["null", "long"]}},
              {"name": "ref", "type": ["string", "long"]},
              {"name": "day", "type": {"type": "int", "logicalType": "date"}},
              {"name": "raw", "type": "bytes"}]}
            """;

    private static final Schema SCHEMA = new Schema.Parser().parse(TRIP);
    private static final long MILLIS = 1_767_225_600_000L;

    @TempDir
    private Path temp;

    private CatalogFolder folder;

    @BeforeEach
    void openFolder() {
        folder = new CatalogFolder(temp).file("trip.avsc", TRIP);
    }

    private Catalog catalog() {
        return folder.load("""
                events:
                  trip_ended: { schema: trip.avsc, key: /id, time: /ended_at, topic: trips }
                dimensions:
                  city: { path: /start/city }
                """);
    }

    @Test
    void aValueOfAvroIsReadValidatedAndKnowsItsTimeAndKey() throws IOException {
        Catalog catalog = catalog();
        EventDefinition event = catalog.event("trip_ended").orElseThrow();

        Reading.Known known = read(catalog, framed(trip(MILLIS)));

        assertThat(known.definition()).isSameAs(event);
        assertThat(known.attributes().time()).hasToString("2026-01-01T00:00:00Z");
        assertThat(event.fields(known.payload()).key()).contains("3f2504e0-4f89-41d3-9a0c-0305e82c3301");
        assertThat(EventValidator.of(catalog)
                        .validate("trip_ended", known.payload())
                        .violations())
                .as(new String(known.payload(), StandardCharsets.UTF_8))
                .isEmpty();
    }

    @Test
    void columnsDimensionsDescriptionsAndTagsComeFromAvro() {
        Catalog catalog = catalog();
        EventDefinition event = catalog.event("trip_ended").orElseThrow();

        assertThat(event.schema().columns())
                .extracting(column -> column.name() + " " + column.type().sql())
                .containsExactly(
                        "id UUID",
                        "ended_at DateTime64(3, 'UTC')",
                        "metres Int32",
                        "fare Float64",
                        "tip Nullable(Float64)",
                        "kind LowCardinality(String)",
                        "other LowCardinality(Nullable(String))",
                        "start_city LowCardinality(String)",
                        "start_address Nullable(String)",
                        "end_city LowCardinality(Nullable(String))",
                        "end_address Nullable(String)",
                        "tags Array(String)",
                        "extra Map(String, String)",
                        "ref String",
                        "day Date32",
                        "raw String");
        assertThat(event.schema().columns().get(1).description()).isEqualTo("When.");
        assertThat(event.personal("/start/address")).isTrue();
        assertThat(event.personal("/start/city")).isFalse();
        assertThat(catalog.dimensions()).hasSize(1);
    }

    @Test
    void whatItsTableDoesNotHoldIsRefusedAndSoIsJsonThatAvroWouldNotWrite() throws IOException {
        Catalog catalog = catalog();
        EventValidator validator = EventValidator.of(catalog);

        long year2500 = 16_725_225_600_000L;
        ValidationReport late = validator.validate(
                "trip_ended", read(catalog, framed(trip(year2500))).payload());
        assertThat(late.violations()).extracting(Violation::keyword).containsExactly(Violation.COLUMN);

        String json = new String(read(catalog, framed(trip(MILLIS))).payload(), StandardCharsets.UTF_8);
        for (var wrong : Map.of(
                        "\"metres\":1200", "\"metres\":3000000000",
                        "\"kind\":\"CAR\"", "\"kind\":\"BOAT\"",
                        "\"city\":\"Delft\"", "\"town\":\"Delft\"",
                        "\"ref\":7", "\"ref\":true",
                        "\"n\":null", "\"n\":\"x\"")
                .entrySet()) {
            assertThat(json).contains(wrong.getKey());
            byte[] changed = json.replace(wrong.getKey(), wrong.getValue()).getBytes(StandardCharsets.UTF_8);
            assertThat(validator.validate("trip_ended", changed).valid())
                    .as(wrong.getValue())
                    .isFalse();
        }
    }

    @Test
    void whatIsNoAvroRecordIsRefusedWithItsFile() {
        assertRefused(
                "{\"type\":\"string\"}", "trip.avsc", "an event in Avro is a record, found string [schema-shape]");
        assertRefused(
                "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"b\",\"type\":\"nope\"}]}",
                "not an Avro schema");
        assertRefused("{", "not an Avro schema");
        assertRefused("[".repeat(100_000), "[schema-");
        assertRefused("\"" + "x".repeat(10_000_000) + "\"", "schema-size");
        assertRefused(TRIP.replace("LowCardinality(String)", "Strin"), "column-type");
        assertRefused(
                "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"self\",\"type\":\"A\"}]}",
                "unknown-field");
    }

    private void assertRefused(String avro, String... messages) {
        folder.file("trip.avsc", avro);
        assertThatThrownBy(this::catalog)
                .isInstanceOf(InvalidCatalogException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(messages).hasSizeLessThan(4_000));
    }

    @Test
    void anApplicationWithoutAvroIsToldWhatToAdd() throws Exception {
        URL[] urls = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("/avro-"))
                .map(entry -> AvroValuesTest.url(Path.of(entry)))
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Supplier<?> without = (Supplier<?>) loader.loadClass(CatalogWithoutAvro.class.getName())
                    .getConstructor()
                    .newInstance();

            assertThat(without.get().toString()).contains("add org.apache.avro:avro to the class path [schema-avro]");
        }
    }

    private static Reading.Known read(Catalog catalog, byte[] value) {
        RegisteredSchema registered = new RegisteredSchema(1, null, List.of(), SchemaType.AVRO, TRIP, Map.of());
        RecordReader reader = new RecordReader(catalog, key -> Optional.of(registered));
        return WireCatalog.known(reader.read(WireCatalog.record("trips", EventHeaders.none(), value)));
    }

    private static GenericData.Record trip(long endedAt) {
        Schema places = SCHEMA.getField("start").schema();
        GenericData.Record place = new GenericData.Record(places);
        place.put("city", "Delft");
        GenericData.Record trip = new GenericData.Record(SCHEMA);
        trip.put("id", "3f2504e0-4f89-41d3-9a0c-0305e82c3301");
        trip.put("ended_at", endedAt);
        trip.put("metres", 1_200);
        trip.put("fare", ByteBuffer.wrap(new byte[] {4, (byte) 0xd2}));
        trip.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), "CAR"));
        trip.put("start", place);
        trip.put("tags", List.of("a", "b"));
        java.util.Map<String, Object> extra = new java.util.HashMap<>();
        extra.put("n", null);
        trip.put("extra", extra);
        trip.put("ref", 7L);
        trip.put("day", 20_000);
        trip.put("raw", ByteBuffer.wrap(new byte[] {1}));
        return trip;
    }

    private static byte[] framed(GenericData.Record value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, 1});
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(SCHEMA).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
