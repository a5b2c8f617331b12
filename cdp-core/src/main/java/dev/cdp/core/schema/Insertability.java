package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import dev.cdp.core.schema.ColumnDerivation.By;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether a column holds every value that its field's schema lets pass, and if not, which bound would see to it. */
final class Insertability {

    static final String NARROW = "insert-narrow";
    static final String INTEGER = "insert-integer";
    static final String NUMBER = "insert-number";
    static final String TIME = "insert-time";

    private static final BigDecimal MAX_FLOAT64 = new BigDecimal(Double.MAX_VALUE);
    private static final BigDecimal MAX_FLOAT32 = new BigDecimal(Float.MAX_VALUE);
    private static final List<String> UNFIT_YEARS = List.of("0000", "0001", "1582", "1899", "2300", "2999", "9999");
    private static final List<String> UNFIT_TIMES = List.of(
            "-01-01T00:00:00Z", "-12-31T23:59:59.999Z", "-06-15t12:30:00.5+01:00", "-01-01T00:00:00+14:00", "-01-01");
    private static final List<String> EDGES =
            List.of("1900-01-01T00:00:00+14:00", "2299-12-31T23:59:59.999-12:00", "1900-01-01T00:00:00.0+00:30");

    private final SchemaDocuments documents;
    private final Composition composition;

    Insertability(SchemaDocuments documents, Composition composition) {
        this.documents = documents;
        this.composition = composition;
    }

    /** What does not fit, if anything; {@code by} tells whether the column's type was named or follows by itself. */
    Optional<Misfit> misfit(ColumnType type, JsonNode declared, By by) {
        return Optional.ofNullable(inside(type, declared, by));
    }

    private @Nullable Misfit inside(ColumnType type, JsonNode declared, By by) {
        FieldFacts facts = FieldFacts.of(documents, declared);
        if (type instanceof ColumnType.Nullable nullable) {
            return inside(nullable.element(), declared, by);
        }
        if (type instanceof ColumnType.LowCardinality low) {
            return inside(low.element(), declared, by);
        }
        if (type instanceof ColumnType.Array array) {
            return list(array, facts, by);
        }
        if (type instanceof ColumnType.JsonText) {
            return null;
        }
        if (type instanceof ColumnType.Json) {
            return facts.only("object") ? null : narrow(type, "objects alone", "\"type\": \"object\"");
        }
        if (type instanceof ColumnType.Map map) {
            return map(map, facts, by);
        }
        if (type instanceof ColumnType.Tuple tuple) {
            return tuple(tuple, facts, declared, by);
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return decimal(decimal, facts, by);
        }
        if (type instanceof ColumnType.Int integer) {
            return integer(integer, facts, by);
        }
        if (type instanceof ColumnType.Real real) {
            return real(real, facts);
        }
        if (type instanceof ColumnType.Bool) {
            return facts.only("boolean") ? null : narrow(type, "true and false alone", "\"type\": \"boolean\"");
        }
        return text(type, facts);
    }

    private @Nullable Misfit list(ColumnType.Array array, FieldFacts facts, By by) {
        if (!facts.only("array")) {
            return narrow(array, "lists alone", "\"type\": \"array\"");
        }
        if (facts.items().isEmpty()) {
            return narrow(array, "elements of one type", "\"items\"");
        }
        return elements(array, array.element(), facts.items(), "items", by);
    }

    private @Nullable Misfit map(ColumnType.Map map, FieldFacts facts, By by) {
        if (!facts.only("object")) {
            return narrow(map, "objects alone", "\"type\": \"object\"");
        }
        if (facts.others().isEmpty()) {
            return narrow(map, "values of one type", "\"additionalProperties\" with a type");
        }
        return elements(map, map.value(), facts.others(), "additionalProperties", by);
    }

    private @Nullable Misfit elements(
            ColumnType type, ColumnType element, List<JsonNode> schemas, String keyword, By by) {
        ColumnType bare = element instanceof ColumnType.LowCardinality low ? low.element() : element;
        boolean nullable = bare instanceof ColumnType.Nullable || bare instanceof ColumnType.JsonText;
        for (JsonNode schema : schemas) {
            if (FieldFacts.of(documents, schema).types().contains("null") && !nullable) {
                return narrow(type, "elements that are there", "an \"" + keyword + "\" without null");
            }
            Misfit misfit = inside(element, schema, by);
            if (misfit != null) {
                return new Misfit(misfit.rule(), "an element: " + misfit.message());
            }
        }
        return null;
    }

    /** A tuple follows the object's {@code properties}; where it was named, each of its fields is looked for there. */
    private @Nullable Misfit tuple(ColumnType.Tuple tuple, FieldFacts facts, JsonNode declared, By by) {
        if (!facts.only("object")) {
            return narrow(tuple, "objects alone", "\"type\": \"object\"");
        }
        for (Column field : tuple.fields()) {
            JsonNode schema = declared;
            boolean required = true;
            for (String segment : field.pointer().substring(1).split("/", -1)) {
                String name = segment.replace("~1", "/").replace("~0", "~");
                JsonNode object = composition.of(schema);
                required &= object.path("required")
                        .valueStream()
                        .anyMatch(n -> n.asString("").equals(name));
                schema = object.path("properties").path(name);
            }
            if (!required && !field.optional()) {
                return narrow(tuple, "objects with " + field.pointer(), "\"required\"");
            }
            Misfit misfit = inside(field.type(), schema, by);
            if (misfit != null) {
                return new Misfit(misfit.rule(), field.pointer() + ": " + misfit.message());
            }
        }
        return null;
    }

    private static @Nullable Misfit decimal(ColumnType.Decimal type, FieldFacts facts, By by) {
        BigDecimal end = BigDecimal.TEN.pow(type.precision() - type.scale());
        if (!facts.only("integer", "number")) {
            return narrow(type, "numbers alone", "\"type\": \"number\"");
        }
        if (facts.scale() > type.scale()) {
            return narrow(
                    type,
                    type.scale() + " digits behind the point",
                    "\"multipleOf\": "
                            + BigDecimal.ONE.movePointLeft(type.scale()).toPlainString());
        }
        BigDecimal least = facts.least();
        BigDecimal greatest = facts.greatest();
        boolean under = least == null || least.compareTo(end.negate()) <= 0;
        boolean over = greatest == null || greatest.compareTo(end) >= 0;
        if (!under && !over) {
            return null;
        }
        String bounds = "\"minimum\" and \"maximum\" within 1e" + (type.precision() - type.scale());
        return by == By.SHAPE
                ? new Misfit(NUMBER, "a number of any size passes, and the column is " + type.sql() + "; say " + bounds)
                : narrow(type, "less than 1e" + (type.precision() - type.scale()), bounds);
    }

    private static @Nullable Misfit integer(ColumnType.Int type, FieldFacts facts, By by) {
        boolean signed = type.sign() == ColumnType.Int.Sign.SIGNED;
        BigDecimal low =
                new BigDecimal(signed ? BigInteger.TWO.pow(type.bits() - 1).negate() : BigInteger.ZERO);
        BigDecimal high = new BigDecimal(
                BigInteger.TWO.pow(signed ? type.bits() - 1 : type.bits()).subtract(BigInteger.ONE));
        if (facts.listed()) {
            boolean fits = facts.values().stream()
                    .allMatch(value -> value.isNull()
                            || (value.isIntegralNumber()
                                    && value.decimalValue().compareTo(low) >= 0
                                    && value.decimalValue().compareTo(high) <= 0));
            return fits ? null : narrow(type, low + " to " + high, "values within that range alone");
        }
        if (!facts.only("integer")) {
            return narrow(type, "whole numbers alone", "\"type\": \"integer\"");
        }
        BigDecimal least = facts.least();
        BigDecimal greatest = facts.greatest();
        boolean under = least == null || least.compareTo(low) < 0;
        boolean over = greatest == null || greatest.compareTo(high) > 0;
        if (!under && !over) {
            return null;
        }
        String bounds = (under ? "\"minimum\": " + low : "")
                + (under && over ? ", " : "")
                + (over ? "\"maximum\": " + high : "");
        boolean unbounded = (!under || least == null) && (!over || greatest == null);
        return by == By.SHAPE && unbounded
                ? new Misfit(
                        INTEGER,
                        "any integer passes, and the column is " + type.sql() + "; say the real bounds, or at least "
                                + bounds)
                : narrow(type, low + " to " + high, bounds);
    }

    private static @Nullable Misfit real(ColumnType.Real type, FieldFacts facts) {
        BigDecimal max = type.bits() == 32 ? MAX_FLOAT32 : MAX_FLOAT64;
        if (facts.listed()) {
            boolean fits = facts.values().stream()
                    .allMatch(value -> value.isNull()
                            || (value.isNumber() && value.decimalValue().abs().compareTo(max) <= 0));
            return fits ? null : narrow(type, "finite numbers", "values within its range alone");
        }
        if (!facts.only("integer", "number")) {
            return narrow(type, "numbers alone", "\"type\": \"number\"");
        }
        BigDecimal least = facts.least();
        BigDecimal greatest = facts.greatest();
        boolean under = least == null || least.compareTo(max.negate()) < 0;
        boolean over = greatest == null || greatest.compareTo(max) > 0;
        if (!under && !over) {
            return null;
        }
        String shown = type.bits() == 32 ? "3.4e38" : "1.7e308";
        return new Misfit(
                NUMBER,
                "a number such as 1e400 passes and is infinite in a " + type.sql()
                        + "; say the real bounds, or at least "
                        + (under ? "\"minimum\": -" + shown : "") + (under && over ? ", " : "")
                        + (over ? "\"maximum\": " + shown : ""));
    }

    private static @Nullable Misfit text(ColumnType type, FieldFacts facts) {
        if (!facts.only("string")) {
            return narrow(type, "texts alone", "\"type\": \"string\"");
        }
        String format = type instanceof ColumnType.DateTime
                ? "date-time"
                : type instanceof ColumnType.Date
                        ? "date"
                        : type instanceof ColumnType.Uuid
                                ? "uuid"
                                : type instanceof ColumnType.Ipv4
                                        ? "ipv4"
                                        : type instanceof ColumnType.Ipv6 ? "ipv6" : "";
        if (!format.isEmpty() && !facts.hasFormat(format)) {
            return narrow(type, "texts of that form", "\"format\": \"" + format + "\"");
        }
        boolean time = type instanceof ColumnType.DateTime || type instanceof ColumnType.Date;
        return time && facts.patterns().stream().noneMatch(Insertability::keepsTheYears)
                ? new Misfit(
                        TIME,
                        "years from 0000 to 9999 pass, and a " + type.sql() + " holds "
                                + (type instanceof ColumnType.DateTime t && t.precision() == 9
                                        ? "1900 to 2262"
                                        : "1900 to 2299")
                                + "; add the years that can be meant, such as \"pattern\": \"^(19[1-9]|2[01])\" for 1910"
                                + " to 2199")
                : null;
    }

    /** Whether a pattern refuses every time that stands for those which a column cannot hold. */
    private static boolean keepsTheYears(String regex) {
        RegexCost cost = RegexCost.of(regex);
        if (cost == RegexCost.EXPONENTIAL || cost == RegexCost.UNKNOWN) {
            return false; // trying it could take for ever
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            return UNFIT_YEARS.stream()
                            .flatMap(year -> UNFIT_TIMES.stream().map(rest -> year + rest))
                            .noneMatch(time -> pattern.matcher(time).find())
                    && EDGES.stream().noneMatch(time -> pattern.matcher(time).find());
        } catch (PatternSyntaxException | StackOverflowError e) {
            return false;
        }
    }

    private static Misfit narrow(ColumnType type, String holds, String remedy) {
        return new Misfit(
                NARROW,
                "the column is " + type.sql() + ", which holds " + holds + ", and more passes; add " + remedy
                        + ", or name a wider x-clickhouse-type");
    }

    /** What does not fit. */
    record Misfit(String rule, String message) {}
}
