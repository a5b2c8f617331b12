package dev.cdp.clickhouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.UUID;

import dev.cdp.core.schema.ColumnType;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The encoder of each column type. What the type cannot hold exactly is refused, where ClickHouse itself would wrap an
 * integer and saturate a time; digits of a second beyond a column's precision are cut.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/formats/RowBinary">RowBinary</a>
 * @see <a href="https://clickhouse.com/docs/sql-reference/data-types/datetime64">DateTime64: 1900 to 2299, to 2262 with
 *     nanoseconds</a>
 */
final class ValueEncoders {

    private static final long MIN_SECOND = Instant.parse("1900-01-01T00:00:00Z").getEpochSecond();
    private static final long MAX_SECOND = Instant.parse("2299-12-31T23:59:59Z").getEpochSecond();
    private static final Instant MAX_NANO_TIME = Instant.ofEpochSecond(0, Long.MAX_VALUE);
    private static final long MIN_DAY = LocalDate.of(1900, 1, 1).toEpochDay();
    private static final long MAX_DAY = LocalDate.of(2299, 12, 31).toEpochDay();
    private static final BigInteger UINT64_END = BigInteger.ONE.shiftLeft(64);
    private static final int MAX_DIGITS = 20;

    private ValueEncoders() {}

    /** {@code unknown} is told of the fields that a tuple does not have. */
    static ValueEncoder of(ColumnType type, UnknownFields unknown) {
        if (type instanceof ColumnType.Nullable nullable) {
            return nullable(of(nullable.element(), unknown));
        }
        if (type instanceof ColumnType.LowCardinality low) {
            return of(low.element(), unknown);
        }
        if (type instanceof ColumnType.Array array) {
            return array(of(array.element(), unknown));
        }
        if (type instanceof ColumnType.Map map) {
            return map(of(map.value(), unknown));
        }
        if (type instanceof ColumnType.Tuple tuple) {
            return tuple(tuple, unknown);
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return (json, out) -> decimal(decimal, json, out);
        }
        if (type instanceof ColumnType.Int integer) {
            return integer(integer);
        }
        if (type instanceof ColumnType.DateTime time) {
            return (json, out) -> out.int64(ticks(instant(json), time.precision()));
        }
        if (type instanceof ColumnType.Real real) {
            return real.bits() == 32 ? ValueEncoders::float32 : ValueEncoders::float64;
        }
        return plain(type);
    }

    /** Units of 10^-precision seconds since the epoch, rounded down. */
    static long ticks(Instant time, int precision) throws UnfitValueException {
        long second = time.getEpochSecond();
        if (second < MIN_SECOND || second > MAX_SECOND) {
            throw new UnfitValueException("expected a time from 1900 to 2299, found one outside");
        }
        if (precision == 9 && time.isAfter(MAX_NANO_TIME)) {
            throw new UnfitValueException("expected a time from 1900 to 2262, found one outside");
        }
        if (precision == 3) {
            return time.toEpochMilli();
        }
        long perSecond = 1;
        for (int i = 0; i < precision; i++) {
            perSecond *= 10;
        }
        return second * perSecond + time.getNano() / (1_000_000_000L / perSecond);
    }

    private static ValueEncoder plain(ColumnType type) {
        if (type instanceof ColumnType.Text) {
            return ValueEncoders::text;
        }
        if (type instanceof ColumnType.JsonText) {
            return ValueEncoders::jsonText;
        }
        if (type instanceof ColumnType.Json) {
            return ValueEncoders::jsonObject;
        }
        if (type instanceof ColumnType.Bool) {
            return ValueEncoders::bool;
        }
        if (type instanceof ColumnType.Uuid) {
            return ValueEncoders::uuid;
        }
        if (type instanceof ColumnType.Date) {
            return ValueEncoders::date;
        }
        if (type instanceof ColumnType.Ipv4) {
            return (json, out) -> out.int32(IpText.v4(string(json, "an IPv4 address")));
        }
        if (type instanceof ColumnType.Ipv6) {
            return (json, out) -> out.raw(IpText.v6(string(json, "an IPv6 address")), 0, 16);
        }
        throw new IllegalArgumentException("no encoding of " + type.sql());
    }

    /** One byte, 1 for NULL, and the value only after a 0. */
    private static ValueEncoder nullable(ValueEncoder element) {
        return (json, out) -> {
            if (json.atNull()) {
                out.int8(1);
            } else {
                out.int8(0);
                element.encode(json, out);
            }
        };
    }

    /** The count as LEB128, then the elements. */
    private static ValueEncoder array(ValueEncoder element) {
        return (json, out) -> {
            if (json.atNull()) {
                out.varUInt(0);
                return;
            }
            if (json.token() != JsonToken.START_ARRAY) {
                throw new UnfitValueException("expected an array, found " + json.found());
            }
            int start = out.size();
            int count = 0;
            while (json.parser().nextToken() != JsonToken.END_ARRAY) {
                element.encode(json, out);
                count++;
            }
            out.countAt(start, count);
        };
    }

    /** The count as LEB128, then each name and its value. */
    private static ValueEncoder map(ValueEncoder value) {
        return (json, out) -> {
            if (json.atNull()) {
                out.varUInt(0);
                return;
            }
            requireObject(json);
            int start = out.size();
            int count = 0;
            for (String name = json.parser().nextName();
                    name != null;
                    name = json.parser().nextName()) {
                out.string(name);
                json.parser().nextToken();
                value.encode(json, out);
                count++;
            }
            out.countAt(start, count);
        };
    }

    /** The fields, one behind the other. */
    private static ValueEncoder tuple(ColumnType.Tuple type, UnknownFields unknown) {
        FieldSlots slots = new FieldSlots(type.fields(), unknown);
        FieldTrie trie = FieldTrie.of(type.fields());
        return (json, out) -> {
            requireObject(json);
            try {
                trie.read(json, slots);
                slots.assemble(out);
            } catch (RejectedRowException e) {
                throw new UnfitValueException("in an element, " + e.getMessage());
            }
        };
    }

    /** A two's complement of 4, 8, 16 or 32 bytes, in units of 10^-scale. */
    private static void decimal(ColumnType.Decimal type, JsonCursor json, RowBuffer out) throws UnfitValueException {
        requireNumber(json);
        BigDecimal value = decimalValue(json).stripTrailingZeros();
        if (value.signum() != 0
                && (value.scale() > type.scale()
                        || value.precision() - (long) value.scale() > type.precision() - type.scale())) {
            throw new UnfitValueException("expected a number that is a " + type.sql() + " exactly, found another one");
        }
        int digits = type.precision();
        out.integer(
                value.setScale(type.scale(), RoundingMode.UNNECESSARY).unscaledValue(),
                digits <= 9 ? 4 : digits <= 18 ? 8 : digits <= 38 ? 16 : 32);
    }

    private static ValueEncoder integer(ColumnType.Int type) {
        boolean unsigned = type.sign() == ColumnType.Int.Sign.UNSIGNED;
        int bits = type.bits();
        long min = unsigned ? 0 : -1L << (bits - 1);
        long max = unsigned ? -1L >>> (64 - Math.min(bits, 63)) : ~min;
        boolean uint64 = unsigned && bits == 64;
        String expected = "expected an integer that fits " + type.sql() + ", found ";
        return (json, out) -> {
            long value;
            JsonParser parser = json.parser();
            if (json.token() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                value = parser.getLongValue();
                if (value < min || (value > max && !uint64)) {
                    throw new UnfitValueException(expected + "one outside its range");
                }
            } else {
                BigInteger big = bigInteger(json, expected);
                boolean fits = uint64
                        ? big.signum() >= 0 && big.compareTo(UINT64_END) < 0
                        : big.bitLength() < 64 && big.longValue() >= min && big.longValue() <= max;
                if (!fits) {
                    throw new UnfitValueException(expected + "one outside its range");
                }
                value = big.longValue();
            }
            switch (bits) {
                case 8 -> out.int8((int) value);
                case 16 -> out.int16((int) value);
                case 32 -> out.int32((int) value);
                default -> out.int64(value);
            }
        };
    }

    /** JSON Schema's integers include {@code 1.0} and {@code 1e3}. */
    private static BigInteger bigInteger(JsonCursor json, String expected) throws UnfitValueException {
        if (json.token() == JsonToken.VALUE_NUMBER_INT) {
            return json.parser().getBigIntegerValue();
        }
        if (json.token() != JsonToken.VALUE_NUMBER_FLOAT) {
            throw new UnfitValueException(expected + json.found());
        }
        BigDecimal decimal = decimalValue(json);
        if (decimal.precision() - (long) decimal.scale() > MAX_DIGITS) {
            throw new UnfitValueException(expected + "one outside its range");
        }
        BigDecimal stripped = decimal.stripTrailingZeros();
        if (stripped.scale() > 0) {
            throw new UnfitValueException(expected + "a fraction");
        }
        return stripped.toBigIntegerExact();
    }

    /** An exponent may have more digits than a BigDecimal has room for. */
    private static BigDecimal decimalValue(JsonCursor json) throws UnfitValueException {
        try {
            return json.parser().getDecimalValue();
        } catch (NumberFormatException e) {
            throw new UnfitValueException("expected a number, found one whose exponent is beyond all columns");
        }
    }

    private static void float64(JsonCursor json, RowBuffer out) throws UnfitValueException {
        requireNumber(json);
        double value = json.parser().getDoubleValue();
        if (!Double.isFinite(value)) {
            throw new UnfitValueException("expected a number that fits Float64, found one outside its range");
        }
        out.int64(Double.doubleToRawLongBits(value));
    }

    private static void float32(JsonCursor json, RowBuffer out) throws UnfitValueException {
        requireNumber(json);
        float value = json.parser().getFloatValue();
        if (!Float.isFinite(value)) {
            throw new UnfitValueException("expected a number that fits Float32, found one outside its range");
        }
        out.int32(Float.floatToRawIntBits(value));
    }

    private static void requireNumber(JsonCursor json) throws UnfitValueException {
        if (!json.token().isNumeric()) {
            throw new UnfitValueException("expected a number, found " + json.found());
        }
    }

    private static void bool(JsonCursor json, RowBuffer out) throws UnfitValueException {
        if (!json.token().isBoolean()) {
            throw new UnfitValueException("expected a boolean, found " + json.found());
        }
        out.int8(json.token() == JsonToken.VALUE_TRUE ? 1 : 0);
    }

    private static void text(JsonCursor json, RowBuffer out) throws UnfitValueException {
        if (json.token() != JsonToken.VALUE_STRING) {
            throw new UnfitValueException("expected a string, found " + json.found());
        }
        JsonParser parser = json.parser();
        out.string(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
    }

    private static void jsonText(JsonCursor json, RowBuffer out) {
        int start = json.tokenStart();
        json.parser().skipChildren();
        json.copyFrom(start, out);
    }

    private static void jsonObject(JsonCursor json, RowBuffer out) throws UnfitValueException {
        requireObject(json);
        jsonText(json, out);
    }

    private static void requireObject(JsonCursor json) throws UnfitValueException {
        if (json.token() != JsonToken.START_OBJECT) {
            throw new UnfitValueException("expected an object, found " + json.found());
        }
    }

    private static void uuid(JsonCursor json, RowBuffer out) throws UnfitValueException {
        String text = string(json, "a UUID");
        try {
            UUID value = UUID.fromString(text);
            if (text.length() == 36 && value.toString().equalsIgnoreCase(text)) {
                out.uuid(value);
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new UnfitValueException("expected a UUID, found another string");
        }
        throw new UnfitValueException("expected a UUID, found another string");
    }

    /** Days since the epoch. */
    private static void date(JsonCursor json, RowBuffer out) throws UnfitValueException {
        String text = string(json, "a date");
        long day;
        try {
            day = LocalDate.parse(text).toEpochDay();
        } catch (DateTimeException e) {
            throw new UnfitValueException("expected a date such as 2026-01-31, found another string");
        }
        if (day < MIN_DAY || day > MAX_DAY) {
            throw new UnfitValueException("expected a date from 1900-01-01 to 2299-12-31, found one outside");
        }
        out.int32((int) day);
    }

    private static Instant instant(JsonCursor json) throws UnfitValueException {
        String text = string(json, "a time");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new UnfitValueException("expected a time such as 2026-01-31T12:00:00Z, found another string");
        }
    }

    private static String string(JsonCursor json, String expected) throws UnfitValueException {
        if (json.token() != JsonToken.VALUE_STRING) {
            throw new UnfitValueException("expected " + expected + ", found " + json.found());
        }
        return json.parser().getString();
    }
}
