package dev.cdp.core.wire;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.SchemaKey;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes values in Avro's binary encoding as JSON, by the schema that they were written with. The Avro library only
 * parses schemas here: its decoder allocates what a length in the value says before it looks whether so much is there.
 * Thread-safe.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Avro 1.12, binary encoding</a>
 */
final class AvroValues {

    private static final int MAX_DEPTH = 200;
    private static final int MAX_VALUES = 1_000_000;
    private static final int MAX_DECIMAL_BYTES = 64;
    private static final JsonFactory JSON = new JsonFactory();

    private final Schema schema;

    private AvroValues(Schema schema) {
        this.schema = schema;
    }

    static AvroValues of(SchemaKey key, RegisteredSchema registered) throws UnreadableException {
        try {
            Schema.Parser parser = new Schema.Parser();
            registered.references().values().forEach(parser::parse);
            return new AvroValues(parser.parse(registered.text()));
        } catch (AvroRuntimeException e) {
            throw UnreadableException.undecodable("the schema of " + key + " is not one that Avro can read");
        }
    }

    /** The JSON of a value: absent fields are left out, times and dates are ISO 8601, bytes are Base64. */
    byte[] json(byte[] content) throws UnreadableException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length * 2);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            Cursor cursor = new Cursor(content, json);
            cursor.value(schema, 0);
            cursor.end();
        } catch (JacksonException e) {
            throw UnreadableException.undecodable("the Avro value cannot be written as JSON");
        } catch (DateTimeException | ArithmeticException e) {
            throw UnreadableException.undecodable("the Avro value holds a time out of range");
        }
        return out.toByteArray();
    }

    /** A place in a value. */
    private static final class Cursor {

        private final ByteBuffer in;
        private final JsonGenerator json;
        private int values;

        Cursor(byte[] content, JsonGenerator json) {
            this.in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            this.json = json;
        }

        void value(Schema schema, int depth) throws UnreadableException {
            if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
                throw broken("at most depth " + MAX_DEPTH + " and " + MAX_VALUES + " values");
            }
            switch (schema.getType()) {
                case NULL -> json.writeNull();
                case BOOLEAN -> bool();
                case INT, LONG -> whole(schema);
                case FLOAT -> number(in(Float.BYTES).getFloat());
                case DOUBLE -> number(in(Double.BYTES).getDouble());
                case STRING -> json.writeString(text());
                case BYTES -> bytes(schema, take(size()));
                case FIXED -> bytes(schema, take(schema.getFixedSize()));
                case ENUM ->
                    json.writeString(schema.getEnumSymbols()
                            .get(index(schema.getEnumSymbols().size())));
                case UNION -> value(branch(schema), depth + 1);
                case RECORD -> record(schema, depth);
                case ARRAY -> array(schema, depth);
                case MAP -> map(schema, depth);
            }
        }

        private void record(Schema schema, int depth) throws UnreadableException {
            json.writeStartObject();
            for (Schema.Field field : schema.getFields()) {
                Schema type = field.schema().getType() == Schema.Type.UNION ? branch(field.schema()) : field.schema();
                values++;
                if (type.getType() != Schema.Type.NULL) {
                    json.writeName(field.name());
                    value(type, depth + 1);
                }
            }
            json.writeEndObject();
        }

        private void array(Schema schema, int depth) throws UnreadableException {
            json.writeStartArray();
            for (long count = block(); count != 0; count = block()) {
                for (long i = 0; i < count; i++) {
                    value(schema.getElementType(), depth + 1);
                }
            }
            json.writeEndArray();
        }

        private void map(Schema schema, int depth) throws UnreadableException {
            json.writeStartObject();
            for (long count = block(); count != 0; count = block()) {
                for (long i = 0; i < count; i++) {
                    json.writeName(text());
                    value(schema.getValueType(), depth + 1);
                }
            }
            json.writeEndObject();
        }

        /** How many items follow; a negative count is followed by the block's length in bytes. */
        private long block() throws UnreadableException {
            long count = varint();
            if (count < 0) {
                varint();
                count = count == Long.MIN_VALUE ? Long.MAX_VALUE : -count;
            }
            return count;
        }

        private void bool() throws UnreadableException {
            byte found = in(1).get();
            if (found != 0 && found != 1) {
                throw broken("a boolean");
            }
            json.writeBoolean(found == 1);
        }

        private void number(double found) throws UnreadableException {
            if (!Double.isFinite(found)) {
                throw broken("a finite number, which JSON can hold");
            }
            json.writeNumber(found);
        }

        private void number(float found) throws UnreadableException {
            if (!Float.isFinite(found)) {
                throw broken("a finite number, which JSON can hold");
            }
            json.writeNumber(found);
        }

        private void whole(Schema schema) throws UnreadableException {
            long found = varint();
            if (schema.getType() == Schema.Type.INT && found != (int) found) {
                throw broken("a 32-bit integer");
            }
            LogicalType logical = schema.getLogicalType();
            switch (logical == null ? "" : logical.getName()) {
                case "date" -> json.writeString(LocalDate.ofEpochDay(found).toString());
                case "time-millis" -> json.writeString(time(Math.multiplyExact(found, 1_000_000L)));
                case "time-micros" -> json.writeString(time(Math.multiplyExact(found, 1_000L)));
                case "timestamp-millis" ->
                    json.writeString(instant(found, ChronoUnit.MILLIS).toString());
                case "timestamp-micros" ->
                    json.writeString(instant(found, ChronoUnit.MICROS).toString());
                case "timestamp-nanos" ->
                    json.writeString(instant(found, ChronoUnit.NANOS).toString());
                case "local-timestamp-millis" -> json.writeString(local(found, ChronoUnit.MILLIS));
                case "local-timestamp-micros" -> json.writeString(local(found, ChronoUnit.MICROS));
                case "local-timestamp-nanos" -> json.writeString(local(found, ChronoUnit.NANOS));
                default -> json.writeNumber(found);
            }
        }

        private static String time(long nanos) {
            return LocalTime.ofNanoOfDay(nanos).toString();
        }

        private static Instant instant(long found, ChronoUnit unit) {
            return Instant.EPOCH.plus(found, unit);
        }

        private static String local(long found, ChronoUnit unit) {
            return LocalDateTime.ofInstant(instant(found, unit), ZoneOffset.UTC).toString();
        }

        private void bytes(Schema schema, byte[] found) throws UnreadableException {
            if (!(schema.getLogicalType() instanceof LogicalTypes.Decimal decimal)) {
                json.writeBinary(found);
                return;
            }
            if (found.length == 0 || found.length > MAX_DECIMAL_BYTES) {
                throw broken("a decimal of 1 to " + MAX_DECIMAL_BYTES + " bytes");
            }
            json.writeNumber(new BigDecimal(new BigInteger(found), decimal.getScale()));
        }

        private Schema branch(Schema union) throws UnreadableException {
            return union.getTypes().get(index(union.getTypes().size()));
        }

        private int index(int size) throws UnreadableException {
            long found = varint();
            if (found < 0 || found >= size) {
                throw broken("one of " + size + " possibilities");
            }
            return (int) found;
        }

        private String text() throws UnreadableException {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(take(size())))
                        .toString();
            } catch (CharacterCodingException e) {
                throw broken("text in UTF-8");
            }
        }

        private long size() throws UnreadableException {
            long found = varint();
            if (found < 0) {
                throw broken("a length from 0");
            }
            return found;
        }

        private byte[] take(long size) throws UnreadableException {
            int from = in.position();
            in(size).position(from + (int) size);
            return Arrays.copyOfRange(in.array(), from, from + (int) size);
        }

        private ByteBuffer in(long size) throws UnreadableException {
            if (size > in.remaining()) {
                throw broken("more bytes than there are");
            }
            return in;
        }

        /** Zigzag, seven bits a byte, the lowest first. */
        private long varint() throws UnreadableException {
            long raw = 0;
            for (int shift = 0; shift < 70; shift += 7) {
                byte next = in(1).get();
                raw |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return (raw >>> 1) ^ -(raw & 1);
                }
            }
            throw broken("an integer of at most ten bytes");
        }

        private void end() throws UnreadableException {
            if (in.hasRemaining()) {
                throw broken("the end");
            }
        }

        private UnreadableException broken(String expected) {
            return UnreadableException.undecodable(
                    "the Avro value at byte " + in.position() + ": expected " + expected);
        }
    }
}
