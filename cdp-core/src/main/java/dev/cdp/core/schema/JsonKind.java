package dev.cdp.core.schema;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;

/** The kinds of values that JSON Schema's types are made of: a {@code number} is an integer or a fraction. */
public enum JsonKind {
    /** {@code null}. */
    NULL("null"),
    /** {@code true} or {@code false}. */
    BOOLEAN("boolean"),
    /** A number without a fraction, {@code 1.0} among them. */
    INTEGER("integer"),
    /** A number with a fraction. */
    FRACTION("number"),
    /** A text. */
    STRING("string"),
    /** A list. */
    ARRAY("array"),
    /** A mapping. */
    OBJECT("object");

    private final String type;

    JsonKind(String type) {
        this.type = type;
    }

    /** The name by which {@code type} allows it. */
    public String type() {
        return type;
    }

    static Set<JsonKind> all() {
        return EnumSet.allOf(JsonKind.class);
    }

    static Set<JsonKind> none() {
        return EnumSet.noneOf(JsonKind.class);
    }

    /** The kind of a value; {@code 1.0} is an integer, as JSON Schema has it since draft-06. */
    static JsonKind of(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue().stripTrailingZeros().scale() <= 0 ? INTEGER : FRACTION;
        }
        return value.isString()
                ? STRING
                : value.isObject() ? OBJECT : value.isArray() ? ARRAY : value.isBoolean() ? BOOLEAN : NULL;
    }

    /** The kinds that the keyword {@code type} names; a name that is none adds nothing. */
    static Set<JsonKind> named(JsonNode type) {
        Set<JsonKind> kinds = none();
        if (type.isArray()) {
            type.forEach(name -> kinds.addAll(named(name)));
        } else {
            for (JsonKind kind : values()) {
                if (kind.type.equals(type.asString(""))) {
                    kinds.add(kind);
                }
            }
            if (kinds.contains(FRACTION)) {
                kinds.add(INTEGER);
            }
        }
        return kinds;
    }

    /** The names of types, as a message has them. */
    static String words(Set<JsonKind> kinds) {
        TreeSet<String> names = new TreeSet<>();
        for (JsonKind kind : kinds) {
            names.add(kind == FRACTION && !kinds.contains(INTEGER) ? "numbers with a fraction" : kind.type);
        }
        if (names.contains("number")) {
            names.remove("integer");
        }
        return String.join(", ", names);
    }
}
