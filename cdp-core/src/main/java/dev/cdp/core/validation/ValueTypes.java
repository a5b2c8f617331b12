package dev.cdp.core.validation;

import java.util.Locale;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/** Sets of the types of values that their first byte tells apart, as bits. */
final class ValueTypes {

    static final int STRING = 1;
    static final int NUMBER = 2;
    static final int LITERAL = 4;
    static final int OBJECT = 8;
    static final int ARRAY = 16;
    static final int ALL = 31;
    static final int COUNT = 5;

    private ValueTypes() {}

    /** The types that a {@code type} keyword allows, empty if it is malformed. */
    static Optional<Integer> parse(JsonNode type) {
        if (type.isArray()) {
            int types = 0;
            for (JsonNode element : type) {
                types |= element.isString() ? one(element.asString()) : 0;
                if (!element.isString() || one(element.asString()) == 0) {
                    return Optional.empty();
                }
            }
            return Optional.of(types);
        }
        int one = type.isString() ? one(type.asString()) : 0;
        return one == 0 ? Optional.empty() : Optional.of(one);
    }

    /** What a violation calls the type of a value: {@code 1.0} is an integer, and what is not there is nothing. */
    static String name(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING -> "nothing";
            case NUMBER -> value.decimalValue().stripTrailingZeros().scale() <= 0 ? "integer" : "number";
            default -> value.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    /** A check that goes by the type, for checks in the order of the bits. */
    static Check switchCheck(Check[] byType) {
        Check only = null;
        for (Check check : byType) {
            if (check != Check.Never.INSTANCE) {
                if (only != null) {
                    return new SwitchCheck(byType[0], byType[1], byType[2], byType[3], byType[4]);
                }
                only = check;
            }
        }
        return only == null ? Check.Never.INSTANCE : only;
    }

    private static int one(String type) {
        return switch (type) {
            case "string" -> STRING;
            case "number", "integer" -> NUMBER;
            case "boolean", "null" -> LITERAL;
            case "object" -> OBJECT;
            case "array" -> ARRAY;
            default -> 0;
        };
    }
}
