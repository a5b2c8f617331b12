package dev.cdp.core.wire;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.SchemaKey;
import dev.cdp.core.registry.SchemaType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Avro's own encoder writes, ours reads. */
final class AvroValuesTest {

    private static final String EVERYTHING = """
            {"type": "record", "name": "E", "fields": [
              {"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": "long"},
              {"name": "f", "type": "float"}, {"name": "d", "type": "double"}, {"name": "s", "type": "string"},
              {"name": "y", "type": "bytes"}, {"name": "x", "type": {"type": "fixed", "name": "X", "size": 2}},
              {"name": "e", "type": {"type": "enum", "name": "En", "symbols": ["A", "B"]}},
              {"name": "a", "type": {"type": "array", "items": "int"}},
              {"name": "m", "type": {"type": "map", "values": "string"}},
              {"name": "u", "type": ["null", "string"]}, {"name": "v", "type": ["null", "string"]},
              {"name": "day", "type": {"type": "int", "logicalType": "date"}},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
              {"name": "clock", "type": {"type": "int", "logicalType": "time-millis"}},
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "next", "type": ["null", "E"]}]}
            """;

    @Test
    void everyTypeHasItsJson() throws IOException, UnreadableException {
        Schema schema = new Schema.Parser().parse(EVERYTHING);

        byte[] json = values(EVERYTHING).json(encoded(schema, everything(schema, everything(schema, null))));

        String inner =
                "\"b\":true,\"i\":-7,\"l\":4611686018427387904,\"f\":1.5,\"d\":-2.25,\"s\":\"ä\\\"\",\"y\":\"AQI=\","
                        + "\"x\":\"AwQ=\",\"e\":\"B\",\"a\":[1,2,3],\"m\":{\"k\":\"v\"},\"u\":\"there\",\"day\":\"2026-01-01\","
                        + "\"at\":\"2026-01-01T00:00:00.001Z\",\"micros\":\"2026-01-01T00:00:00.000001Z\","
                        + "\"local\":\"2026-01-01T00:00\",\"clock\":\"00:00:01\",\"price\":-12.34";
        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("{" + inner + ",\"next\":{" + inner + "}}");
    }

    private static GenericData.Record everything(Schema schema, GenericData.Record next) {
        long millis = 1_767_225_600_000L;
        GenericData.Record it = new GenericData.Record(schema);
        it.put("b", true);
        it.put("i", -7);
        it.put("l", 1L << 62);
        it.put("f", 1.5f);
        it.put("d", -2.25);
        it.put("s", "ä\"");
        it.put("y", ByteBuffer.wrap(new byte[] {1, 2}));
        it.put("x", new GenericData.Fixed(schema.getField("x").schema(), new byte[] {3, 4}));
        it.put("e", new GenericData.EnumSymbol(schema.getField("e").schema(), "B"));
        it.put("a", List.of(1, 2, 3));
        it.put("m", Map.of("k", "v"));
        it.put("u", "there");
        it.put("day", (int) (millis / 86_400_000));
        it.put("at", millis + 1);
        it.put("micros", millis * 1_000 + 1);
        it.put("local", millis);
        it.put("clock", 1_000);
        it.put("price", ByteBuffer.wrap(new BigDecimal("-12.34").unscaledValue().toByteArray()));
        it.put("next", next);
        return it;
    }

    @Test
    void lengthsThatLieAllocateNothing() throws UnreadableException {
        byte[] huge = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        for (String schema : List.of("\"string\"", "\"bytes\"", "{\"type\":\"map\",\"values\":\"null\"}")) {
            assertBroken(schema, huge, "more bytes than there are");
        }
        assertBroken("{\"type\":\"array\",\"items\":\"null\"}", huge, "1000000 values");
        byte[] least = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0};
        assertBroken("{\"type\":\"array\",\"items\":\"null\"}", least, "1000000 values");
    }

    @Test
    void whatAvroDoesNotWriteIsRefused() throws UnreadableException {
        assertBroken("\"boolean\"", new byte[] {2}, "a boolean");
        assertBroken("\"null\"", new byte[] {0}, "the end");
        assertBroken("\"int\"", new byte[] {-2, -1, -1, -1, 0x1f}, "a 32-bit integer");
        assertBroken("\"long\"", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, "at most ten bytes");
        assertBroken("\"string\"", new byte[] {2, (byte) 0xff}, "UTF-8");
        assertBroken("[\"null\",\"int\"]", new byte[] {4}, "one of 2");
        assertBroken("\"double\"", new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf8, 0x7f}, "a finite number");
        assertBroken(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}",
                new byte[0],
                "at most depth 200");
    }

    @Test
    void anApplicationWithoutAvroIsToldWhatToAdd() throws Exception {
        URL[] urls = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("/avro-"))
                .map(entry -> url(Path.of(entry)))
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Supplier<?> without = (Supplier<?>) loader.loadClass(WithoutAvro.class.getName())
                    .getConstructor()
                    .newInstance();

            assertThat(without.get().toString())
                    .contains("UNDECODABLE")
                    .contains("add the dependency org.apache.avro:avro");
        }
    }

    static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property(tries = 1_000)
    void noBytesMakeItThrowAnythingElse(@ForAll byte[] content) throws UnreadableException {
        AvroValues values = values(EVERYTHING);
        try {
            assertThat(values.json(content)).isNotEmpty();
        } catch (UnreadableException e) {
            assertThat(e.getMessage()).contains("the Avro value");
        }
    }

    private static void assertBroken(String schema, byte[] content, String message) throws UnreadableException {
        AvroValues values = values(schema);
        assertThatThrownBy(() -> values.json(content))
                .as(schema)
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(message);
    }

    private static AvroValues values(String schema) throws UnreadableException {
        return AvroValues.of(
                new SchemaKey.Id(1), new RegisteredSchema(1, null, List.of(), SchemaType.AVRO, schema, Map.of()));
    }

    private static byte[] encoded(Schema schema, GenericData.Record value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
