package dev.cdp.core.validation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Whether the columns of a table can hold what a payload has: ClickHouse itself would wrap an integer that is too wide
 * and saturate a time, and say nothing. Thread-safe.
 *
 * @see <a href="https://clickhouse.com/docs/sql-reference/data-types/datetime64">DateTime64: 1900 to 2299, to 2262 with
 *     nanoseconds</a>
 */
final class ColumnFit {

    static final Instant MIN_TIME = Instant.parse("1900-01-01T00:00:00Z");
    static final Instant MAX_TIME = Instant.parse("2299-12-31T23:59:59.999999999Z");
    private static final Instant MAX_NANO_TIME = Instant.parse("2262-04-11T23:47:16Z");
    private static final LocalDate MIN_DATE = LocalDate.of(1900, 1, 1);
    private static final LocalDate MAX_DATE = LocalDate.of(2299, 12, 31);

    private final String table;
    private final List<Slot> slots;

    ColumnFit(TableDefinition table) {
        this.table = table.database() + "." + table.name();
        this.slots = table.columns().stream()
                .map(column -> new Slot(column, JsonPointer.compile(column.pointer())))
                .toList();
    }

    /** A row is made of an object's fields: of anything else there is none, whatever its schema lets pass. */
    List<Violation> check(JsonNode tree) {
        if (!tree.isObject()) {
            return List.of(new Violation(
                    "",
                    Violation.COLUMN,
                    "table " + table + " holds objects: expected an object; say \"type\": \"object\" in the schema, or"
                            + " 'table: none' in the catalog",
                    "object",
                    ValueTypes.name(tree),
                    table));
        }
        List<Violation> violations = new ArrayList<>();
        for (Slot slot : slots) {
            JsonNode value = tree.at(slot.pointer());
            String problem = problem(slot.column().type(), value);
            if (problem != null) {
                violations.add(new Violation(
                        slot.column().pointer(),
                        Violation.COLUMN,
                        "column " + slot.column().name() + " is "
                                + slot.column().type().sql() + ": " + problem,
                        slot.column().type().sql(),
                        ValueTypes.name(value),
                        table + "." + slot.column().name()));
            }
        }
        return violations;
    }

    private static @Nullable String problem(ColumnType type, JsonNode value) {
        if (type instanceof ColumnType.Nullable nullable) {
            return value.isMissingNode() || value.isNull() ? null : problem(nullable.element(), value);
        }
        if (type instanceof ColumnType.LowCardinality low) {
            return problem(low.element(), value);
        }
        if (type instanceof ColumnType.Array array) {
            return elements(array.element(), value);
        }
        if (type instanceof ColumnType.JsonText) {
            return value.isMissingNode() ? "expected a value, found nothing" : null;
        }
        if (type instanceof ColumnType.Map map) {
            return values(map.value(), value);
        }
        if (value.isMissingNode() || value.isNull()) {
            return "expected a value, found " + (value.isNull() ? "null" : "nothing");
        }
        return scalar(type, value);
    }

    private static @Nullable String elements(ColumnType element, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isArray()) {
            return "expected an array";
        }
        for (JsonNode item : value) {
            String problem = problem(element, item);
            if (problem != null) {
                return "an element: " + problem;
            }
        }
        return null;
    }

    private static @Nullable String values(ColumnType type, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            return "expected an object";
        }
        for (JsonNode item : value) {
            String problem = problem(type, item);
            if (problem != null) {
                return "a value: " + problem;
            }
        }
        return null;
    }

    private static @Nullable String fields(ColumnType.Tuple tuple, JsonNode value) {
        if (!value.isObject()) {
            return "expected an object";
        }
        for (Column field : tuple.fields()) {
            String problem = problem(field.type(), value.at(field.pointer()));
            if (problem != null) {
                return field.pointer() + ": " + problem;
            }
        }
        return null;
    }

    private static @Nullable String scalar(ColumnType type, JsonNode value) {
        if (type instanceof ColumnType.Int integer) {
            return fits(integer, value) ? null : "expected an integer of " + integer.bits() + " bits";
        }
        if (type instanceof ColumnType.Real real) {
            return value.isNumber() && finite(real, value.decimalValue()) ? null : "expected a finite number";
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return fits(decimal, value) ? null : "expected a number that is one exactly";
        }
        if (type instanceof ColumnType.Tuple tuple) {
            return fields(tuple, value);
        }
        if (type instanceof ColumnType.Json) {
            return value.isObject() ? JsonColumnFit.loss(value) : "expected an object";
        }
        if (type instanceof ColumnType.Bool) {
            return value.isBoolean() ? null : "expected a boolean";
        }
        if (!value.isString()) {
            return "expected a string";
        }
        String text = value.asString();
        if (type instanceof ColumnType.DateTime time) {
            return timeFits(text, time.precision())
                    ? null
                    : "expected a time from 1900 to " + (time.precision() == 9 ? "2262" : "2299");
        }
        if (type instanceof ColumnType.Date) {
            return dateFits(text) ? null : "expected a date from 1900-01-01 to 2299-12-31";
        }
        if (type instanceof ColumnType.Uuid) {
            return uuidFits(text) ? null : "expected a UUID";
        }
        if (type instanceof ColumnType.Ipv4 || type instanceof ColumnType.Ipv6) {
            return addressFits(type, text.getBytes(StandardCharsets.UTF_8)) ? null : "expected an IP address";
        }
        return null;
    }

    /** What is too large for a floating point number becomes infinite, and says nothing. */
    private static boolean finite(ColumnType.Real type, BigDecimal value) {
        return type.bits() == 32 ? Float.isFinite(value.floatValue()) : Double.isFinite(value.doubleValue());
    }

    private static boolean fits(ColumnType.Decimal type, JsonNode value) {
        if (!value.isNumber()) {
            return false;
        }
        BigDecimal number = value.decimalValue().stripTrailingZeros();
        return number.signum() == 0
                || (number.scale() <= type.scale()
                        && number.precision() - (long) number.scale() <= type.precision() - type.scale());
    }

    private static boolean fits(ColumnType.Int type, JsonNode value) {
        if (!value.isNumber() || value.decimalValue().stripTrailingZeros().scale() > 0) {
            return false;
        }
        if (value.decimalValue().precision() - (long) value.decimalValue().scale() > 20) {
            return false;
        }
        BigInteger integer = value.decimalValue().toBigInteger();
        return type.sign() == ColumnType.Int.Sign.SIGNED
                ? integer.bitLength() < type.bits()
                : integer.signum() >= 0 && integer.bitLength() <= type.bits();
    }

    private static boolean timeFits(String text, int precision) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return !time.isBefore(MIN_TIME) && !time.isAfter(precision == 9 ? MAX_NANO_TIME : MAX_TIME);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean dateFits(String text) {
        try {
            LocalDate date = LocalDate.parse(text);
            return !date.isBefore(MIN_DATE) && !date.isAfter(MAX_DATE);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean addressFits(ColumnType type, byte[] text) {
        return type instanceof ColumnType.Ipv4
                ? AddressFormats.isIpv4(text, 0, text.length)
                : AddressFormats.isIpv6(text, 0, text.length);
    }

    private static boolean uuidFits(String text) {
        try {
            return text.length() == 36 && UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private record Slot(Column column, JsonPointer pointer) {}
}
