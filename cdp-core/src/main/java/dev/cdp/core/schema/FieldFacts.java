package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What must hold for every value of a field: its own keywords, those that {@code $ref} adds and those of {@code allOf},
 * taken together. What only some branches demand is left out, so a fact is always true and there may be more of them.
 */
final class FieldFacts {

    private static final int MAX_PARTS = 200;

    private final Set<String> types = new HashSet<>();
    private final List<JsonNode> values = new ArrayList<>();
    private final Set<String> formats = new HashSet<>();
    private final List<String> patterns = new ArrayList<>();
    private final List<JsonNode> items = new ArrayList<>();
    private final List<JsonNode> others = new ArrayList<>();
    private int scale = Integer.MAX_VALUE;
    private boolean typed;
    private boolean listed;
    private boolean whole;
    private @Nullable BigDecimal least;
    private @Nullable BigDecimal greatest;
    private int maxLength = Integer.MAX_VALUE;

    private FieldFacts() {}

    static FieldFacts of(SchemaDocuments documents, JsonNode declared) {
        FieldFacts facts = new FieldFacts();
        List<JsonNode> open = new ArrayList<>(List.of(declared));
        for (int i = 0; i < open.size() && i < MAX_PARTS; i++) {
            JsonNode schema = open.get(i);
            facts.add(schema);
            JsonNode target = schema.path("$ref").isString() ? documents.target(schema) : null;
            if (target != null) {
                open.add(target);
            }
            schema.path("allOf").forEach(open::add);
        }
        return facts;
    }

    private void add(JsonNode schema) {
        Set<String> here = ColumnDerivation.types(schema);
        if (schema.has("type") || (!here.isEmpty() && !typed)) {
            Set<String> wide = new HashSet<>(here);
            if (here.contains("number")) {
                wide.add("integer");
            }
            if (typed) {
                types.retainAll(wide);
            } else {
                types.addAll(here);
            }
            typed = true;
        }
        if (schema.has("const") || schema.path("enum").isArray()) {
            List<JsonNode> listing = schema.has("const")
                    ? List.of(schema.path("const"))
                    : List.copyOf(schema.path("enum").values());
            if (listed) {
                values.retainAll(listing);
            } else {
                values.addAll(listing);
            }
            listed = true;
        }
        least = tighter(least, number(schema, "minimum"), 1);
        least = tighter(least, number(schema, "exclusiveMinimum"), 1);
        greatest = tighter(greatest, number(schema, "maximum"), -1);
        greatest = tighter(greatest, number(schema, "exclusiveMaximum"), -1);
        BigDecimal multiple = number(schema, "multipleOf");
        if (multiple != null) {
            scale = Math.min(scale, Math.max(0, multiple.stripTrailingZeros().scale()));
        }
        whole |= multiple != null && multiple.stripTrailingZeros().scale() <= 0;
        if (schema.path("maxLength").isNumber()) {
            maxLength = Math.min(
                    maxLength,
                    schema.path("maxLength")
                            .decimalValue()
                            .min(BigDecimal.valueOf(1 << 30))
                            .intValue());
        }
        if (schema.path("format").isString()) {
            formats.add(schema.path("format").asString());
        }
        if (schema.path("pattern").isString()) {
            patterns.add(schema.path("pattern").asString());
        }
        if (schema.path("items").isObject()) {
            items.add(schema.path("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            others.add(schema.path("additionalProperties"));
        }
    }

    private static @Nullable BigDecimal number(JsonNode schema, String keyword) {
        return schema.path(keyword).isNumber() ? schema.path(keyword).decimalValue() : null;
    }

    private static @Nullable BigDecimal tighter(@Nullable BigDecimal known, @Nullable BigDecimal other, int sign) {
        if (known == null || other == null) {
            return known == null ? other : known;
        }
        return known.compareTo(other) * sign >= 0 ? known : other;
    }

    /** Whether every value that is not null is one of those JSON types; a whole number is an integer too. */
    boolean only(String... allowed) {
        Set<String> set = Set.of(allowed);
        Set<String> left = new HashSet<>(types);
        left.remove("null");
        if (whole && left.remove("number")) {
            left.add("integer");
        }
        return typed && set.containsAll(left);
    }

    Set<String> types() {
        return types;
    }

    /** Whether {@code enum} or {@code const} lists the values. */
    boolean listed() {
        return listed;
    }

    List<JsonNode> values() {
        return values;
    }

    /** No value is less; null where there is no such bound. */
    @Nullable
    BigDecimal least() {
        return least;
    }

    /** No value is greater; null where there is no such bound. */
    @Nullable
    BigDecimal greatest() {
        return greatest;
    }

    boolean hasFormat(String format) {
        return formats.contains(format);
    }

    List<String> patterns() {
        return patterns;
    }

    int maxLength() {
        return maxLength;
    }

    /** The schemas of a list's elements. */
    List<JsonNode> items() {
        return items;
    }

    /** The schemas of an object's values whose names are not declared. */
    List<JsonNode> others() {
        return others;
    }

    /** No value has more digits behind its point; the greatest number where that is not said. */
    int scale() {
        return only("integer") ? 0 : scale;
    }
}
