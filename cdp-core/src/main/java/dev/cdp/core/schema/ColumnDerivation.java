package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Derives columns from an event's schema: objects with declared properties are flattened, in a list or a map into a
 * tuple, everything else is one column. What has no narrower type, an object inside itself among it, is kept as its JSON
 * text, so nothing is lost.
 *
 * <p>A dot in a property's name becomes {@code _}: ClickHouse reads it as a place inside another column, and lists called
 * {@code a.b} and {@code a.c} as one {@code Nested} whose lists must be of one length.
 */
final class ColumnDerivation {

    static final String OVERRIDE = "x-clickhouse-type";

    private static final int MAX_DEPTH = 16;
    private static final int MAX_SCALE = 18;
    private static final int EXACT_DIGITS = 38;
    private static final int MAX_TUPLES = 200;
    private static final BigInteger INT64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger INT64_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final Composition composition;
    private final BiConsumer<JsonNode, String> problems;
    private final Set<JsonNode> path = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<Derived> columns = new ArrayList<>();
    /** Whether the column that is derived now has a narrower name, in itself or in an element. */
    private boolean narrower;

    private int tuples;

    private ColumnDerivation(Composition composition, BiConsumer<JsonNode, String> problems) {
        this.composition = composition;
        this.problems = problems;
    }

    /** A type that cdp does not write is one of {@code problems}, at the schema that names it. */
    static List<Derived> derive(JsonNode root, Composition composition, BiConsumer<JsonNode, String> problems) {
        ColumnDerivation derivation = new ColumnDerivation(composition, problems);
        JsonNode schema = composition.of(root);
        if (schema.path("properties").isObject()) {
            derivation.properties(schema, "", "", Presence.REQUIRED, 0);
        }
        return List.copyOf(derivation.columns);
    }

    /** Whether only objects are valid, so that what is required is there. */
    static boolean objectsOnly(JsonNode root, Composition composition) {
        return types(composition.of(root)).equals(Set.of("object"));
    }

    private void properties(JsonNode schema, String namePrefix, String pointer, Presence presence, int depth) {
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        for (var property : schema.path("properties").properties()) {
            String name = namePrefix + property.getKey().replace('.', '_');
            String path = pointer + "/" + JsonPlace.segment(property.getKey());
            Presence here = required.contains(property.getKey()) ? presence : Presence.OPTIONAL;
            field(property.getValue(), name, path, here, depth);
        }
    }

    private void field(JsonNode declared, String name, String pointer, Presence presence, int depth) {
        JsonNode schema = composition.of(declared);
        String description =
                declared.path("description").asString(schema.path("description").asString(""));
        String override = override(declared);
        Set<String> types = types(schema);
        boolean nullable = types.remove("null") || presence == Presence.OPTIONAL;
        if (override.isEmpty() && flat(schema, types) && depth < MAX_DEPTH && path.add(schema)) {
            properties(schema, name + "_", pointer, nullable ? Presence.OPTIONAL : Presence.REQUIRED, depth + 1);
            path.remove(schema);
            return;
        }
        boolean around = narrower;
        narrower = false;
        ColumnType type = type(declared, schema, types, depth);
        By by = narrower ? By.NARROWER_NAME : override.isEmpty() ? By.SHAPE : By.NAME;
        narrower |= around;
        columns.add(new Derived(
                new Column(name, pointer, nullable ? WiderType.optional(type) : type, description), declared, by));
    }

    private String override(JsonNode declared) {
        return composition.owner(declared, OVERRIDE).path(OVERRIDE).asString("");
    }

    /** Whether it is an object with declared properties. */
    private static boolean flat(JsonNode schema, Set<String> types) {
        return types.equals(Set.of("object"))
                && schema.path("properties").isObject()
                && !schema.path("properties").isEmpty();
    }

    /** The type that a value's schema names, else the one of its shape. A list or object as a String is its JSON text. */
    private ColumnType type(JsonNode declared, JsonNode schema, Set<String> types, int depth) {
        ColumnType natural = shape(schema, types, depth);
        String override = override(declared);
        if (override.isEmpty()) {
            return natural;
        }
        ColumnType type = named(composition.owner(declared, OVERRIDE), override);
        if (type instanceof ColumnType.Text && !types.isEmpty() && !types.contains("string") && !scalars(types)) {
            return new ColumnType.JsonText();
        }
        narrower |= !holds(type, natural);
        return type;
    }

    /** Whether every value is one that can be compared: no list and no object. */
    private static boolean scalars(Set<String> types) {
        return !types.contains("object") && !types.contains("array");
    }

    private ColumnType named(JsonNode owner, String override) {
        try {
            return ColumnTypes.parse(override);
        } catch (IllegalArgumentException e) {
            problems.accept(owner, String.valueOf(e.getMessage()));
            return new ColumnType.JsonText();
        }
    }

    /** Whether a column of that type holds whatever its natural one holds, as far as that is plain to see. */
    private static boolean holds(ColumnType type, ColumnType natural) {
        ColumnType inner = type instanceof ColumnType.LowCardinality low ? low.element() : type;
        ColumnType naturalInner = natural instanceof ColumnType.LowCardinality low ? low.element() : natural;
        return inner.equals(naturalInner)
                || (inner instanceof ColumnType.DateTime && naturalInner instanceof ColumnType.DateTime);
    }

    private ColumnType shape(JsonNode schema, Set<String> types, int depth) {
        if (types.size() != 1) {
            return types.equals(Set.of("integer", "number")) ? new ColumnType.Real(64) : new ColumnType.JsonText();
        }
        return switch (types.iterator().next()) {
            case "string" -> text(schema);
            case "integer" -> integer(schema);
            case "number" -> number(schema);
            case "boolean" -> new ColumnType.Bool();
            case "array" -> array(schema, depth);
            case "object" -> object(schema, types, depth);
            default -> new ColumnType.JsonText();
        };
    }

    private static ColumnType text(JsonNode schema) {
        return switch (schema.path("format").asString("")) {
            case "date-time" -> new ColumnType.DateTime(3);
            case "date" -> new ColumnType.Date();
            case "uuid" -> new ColumnType.Uuid();
            case "ipv4" -> new ColumnType.Ipv4();
            case "ipv6" -> new ColumnType.Ipv6();
            default ->
                schema.has("enum") || schema.has("const")
                        ? new ColumnType.LowCardinality(new ColumnType.Text())
                        : new ColumnType.Text();
        };
    }

    /**
     * Exact where {@code multipleOf} says how many digits stand behind the point; 38 digits where bounds do not say how
     * many stand in front of it.
     */
    private static ColumnType number(JsonNode schema) {
        BigDecimal step = schema.path("multipleOf").isNumber()
                ? schema.path("multipleOf").decimalValue().stripTrailingZeros()
                : BigDecimal.ZERO;
        int scale = step.scale();
        if (step.signum() <= 0 || scale <= 0 || scale > MAX_SCALE) {
            return new ColumnType.Real(64);
        }
        BigInteger min = bound(schema, "minimum", "exclusiveMinimum", BigInteger.ZERO);
        BigInteger max = bound(schema, "maximum", "exclusiveMaximum", BigInteger.ZERO);
        int whole = min == null || max == null
                ? EXACT_DIGITS - scale
                : min.abs().max(max.abs()).toString().length();
        int digits = whole + scale;
        return digits > EXACT_DIGITS
                ? new ColumnType.Real(64)
                : new ColumnType.Decimal(digits <= 9 ? 9 : digits <= 18 ? 18 : EXACT_DIGITS, scale);
    }

    /** The narrowest of the usual widths that holds every value within the bounds. */
    private static ColumnType integer(JsonNode schema) {
        BigInteger min = bound(schema, "minimum", "exclusiveMinimum", BigInteger.ONE);
        BigInteger max = bound(schema, "maximum", "exclusiveMaximum", BigInteger.ONE.negate());
        if (min != null && min.signum() >= 0) {
            int bits = max == null ? 64 : bits(max.bitLength());
            return new ColumnType.Int(bits, ColumnType.Int.Sign.UNSIGNED);
        }
        BigInteger low = min == null ? INT64_MIN : min;
        BigInteger high = max == null ? INT64_MAX : max;
        return new ColumnType.Int(bits(Math.max(low.bitLength(), high.bitLength()) + 1), ColumnType.Int.Sign.SIGNED);
    }

    private static int bits(int needed) {
        return needed <= 8 ? 8 : needed <= 16 ? 16 : needed <= 32 ? 32 : 64;
    }

    private static @Nullable BigInteger bound(JsonNode schema, String inclusive, String exclusive, BigInteger step) {
        BigDecimal bound =
                schema.path(inclusive).isNumber() ? schema.path(inclusive).decimalValue() : null;
        if (schema.path(exclusive).isNumber()) {
            BigDecimal strict = schema.path(exclusive).decimalValue();
            boolean whole = strict.stripTrailingZeros().scale() <= 0;
            BigDecimal tight = whole ? strict.add(new BigDecimal(step)) : strict;
            bound = bound == null ? tight : step.signum() > 0 ? bound.max(tight) : bound.min(tight);
        }
        if (bound == null || bound.precision() - (long) bound.scale() > 40) {
            return null;
        }
        boolean up = step.signum() > 0;
        return bound.setScale(0, up ? RoundingMode.CEILING : RoundingMode.FLOOR).toBigInteger();
    }

    private ColumnType array(JsonNode schema, int depth) {
        JsonNode items = schema.path("items");
        if (!items.isObject() || schema.has("prefixItems") || depth >= MAX_DEPTH) {
            return new ColumnType.JsonText();
        }
        return new ColumnType.Array(element(items, depth));
    }

    /** A map where every name is data; an object in a list or a map is a tuple. */
    private ColumnType object(JsonNode schema, Set<String> types, int depth) {
        if (depth >= MAX_DEPTH || schema.has("patternProperties")) {
            return new ColumnType.JsonText();
        }
        if (!flat(schema, types)) {
            JsonNode values = schema.path("additionalProperties");
            return values.isObject() && !values.isEmpty()
                    ? new ColumnType.Map(element(values, depth))
                    : new ColumnType.JsonText();
        }
        if (depth == 0 || ++tuples > MAX_TUPLES || !path.add(schema)) {
            return new ColumnType.JsonText();
        }
        List<Derived> around = columns;
        columns = new ArrayList<>();
        properties(schema, "", "", Presence.REQUIRED, depth);
        List<Column> fields = columns.stream().map(Derived::column).toList();
        columns = around;
        path.remove(schema);
        long names = fields.stream()
                .map(Column::name)
                .filter(ColumnTypes::isElementName)
                .distinct()
                .count();
        return names == fields.size() && names > 0 ? new ColumnType.Tuple(fields) : new ColumnType.JsonText();
    }

    /** The type of what a list or a map holds; a list, a map and a tuple cannot be NULL there, and are kept as JSON. */
    private ColumnType element(JsonNode declared, int depth) {
        JsonNode schema = composition.of(declared);
        Set<String> types = types(schema);
        boolean nullable = types.remove("null");
        ColumnType type = type(declared, schema, types, depth + 1);
        if (!nullable) {
            return type;
        }
        boolean whole =
                type instanceof ColumnType.Array || type instanceof ColumnType.Map || type instanceof ColumnType.Tuple;
        return WiderType.optional(whole ? new ColumnType.JsonText() : type);
    }

    /** The types that a value may have: those of {@code type}, else those of {@code enum} or {@code const}. */
    static Set<String> types(JsonNode schema) {
        Set<String> types = new HashSet<>();
        JsonNode type = schema.path("type");
        if (type.isString()) {
            types.add(type.asString());
        } else if (type.isArray()) {
            type.forEach(t -> types.add(t.asString("")));
        } else if (schema.has("const")) {
            types.add(typeOf(schema.path("const")));
        } else {
            schema.path("enum").forEach(value -> types.add(typeOf(value)));
        }
        return types;
    }

    private static String typeOf(JsonNode value) {
        return value.isString()
                ? "string"
                : value.isBoolean()
                        ? "boolean"
                        : value.isIntegralNumber()
                                ? "integer"
                                : value.isNumber() ? "number" : value.isNull() ? "null" : "other";
    }

    private enum Presence {
        REQUIRED,
        OPTIONAL
    }

    /** Whether a column's type follows from its field's shape, or was named by {@code x-clickhouse-type}. */
    enum By {
        SHAPE,
        NAME,
        /** Named, and it may hold less than the shape's own. */
        NARROWER_NAME
    }

    /** A column, and the schema that declares its field. */
    record Derived(Column column, JsonNode declared, By by) {}
}
