package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.util.List;

import tools.jackson.databind.JsonNode;

/** Whether one value, written in a schema, satisfies another schema: as far as that can be told without an instance. */
final class ConstantCheck {

    private ConstantCheck() {}

    static Verdict check(JsonNode value, SchemaNode schema) {
        if (schema.node().isBoolean()) {
            return Verdict.of(schema.allowsAll());
        }
        Verdict verdict = Verdict.VALID;
        for (String keyword : schema.keywords()) {
            verdict = verdict.and(check(value, schema, keyword));
        }
        return verdict;
    }

    /** By one keyword alone. */
    static Verdict check(JsonNode value, SchemaNode schema, String keyword) {
        JsonNode expected = schema.get(keyword);
        return switch (keyword) {
            case "type" -> Verdict.of(JsonKind.named(expected).contains(JsonKind.of(value)));
            case "enum", "const" -> among(value, expected, keyword);
            case "$ref" ->
                schema.reference().map(target -> check(value, target)).orElse(Verdict.UNKNOWN);
            case "allOf", "anyOf", "oneOf" -> combined(value, schema, keyword);
            case "not" -> check(value, schema.child("not")).not();
            case "if" -> conditional(value, schema);
            case "then", "else", "minContains", "maxContains" -> Verdict.VALID;
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" ->
                value.isNumber() ? number(value.decimalValue(), expected, keyword) : Verdict.VALID;
            case "minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType" ->
                value.isString() ? text(value.asString(), expected, keyword) : Verdict.VALID;
            case "required" ->
                value.isObject() ? Verdict.of(schema.names(keyword).stream().allMatch(value::has)) : Verdict.VALID;
            default -> value.isObject() || value.isArray() ? Verdict.UNKNOWN : Verdict.VALID;
        };
    }

    static boolean same(JsonNode a, JsonNode b) {
        boolean numbers = a.isNumber() && b.isNumber();
        return numbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    /** Inside objects and arrays, {@code 1} and {@code 1.0} are not told apart here, so a difference there is unknown. */
    private static Verdict among(JsonNode value, JsonNode expected, String keyword) {
        List<JsonNode> allowed = keyword.equals("const") ? List.of(expected) : List.copyOf(expected.values());
        boolean found = allowed.stream().anyMatch(one -> same(value, one));
        boolean nested = value.isObject() || value.isArray();
        boolean told = found || !nested;
        return told ? Verdict.of(found) : Verdict.UNKNOWN;
    }

    private static Verdict combined(JsonNode value, SchemaNode schema, String keyword) {
        List<Verdict> verdicts = schema.list(keyword).stream()
                .map(branch -> check(value, branch))
                .toList();
        if (keyword.equals("allOf")) {
            return verdicts.stream().reduce(Verdict.VALID, Verdict::and);
        }
        long valid = verdicts.stream().filter(Verdict.VALID::equals).count();
        boolean unknown = verdicts.contains(Verdict.UNKNOWN);
        if (keyword.equals("anyOf")) {
            return valid > 0 ? Verdict.VALID : unknown ? Verdict.UNKNOWN : Verdict.INVALID;
        }
        return valid > 1 ? Verdict.INVALID : unknown ? Verdict.UNKNOWN : Verdict.of(valid == 1);
    }

    private static Verdict conditional(JsonNode value, SchemaNode schema) {
        return switch (check(value, schema.child("if"))) {
            case VALID -> check(value, schema.child("then"));
            case INVALID -> check(value, schema.child("else"));
            case UNKNOWN -> Verdict.UNKNOWN;
        };
    }

    private static Verdict number(BigDecimal value, JsonNode expected, String keyword) {
        if (!expected.isNumber()) {
            return Verdict.UNKNOWN;
        }
        BigDecimal limit = expected.decimalValue();
        int order = value.compareTo(limit);
        return switch (keyword) {
            case "minimum" -> Verdict.of(order >= 0);
            case "maximum" -> Verdict.of(order <= 0);
            case "exclusiveMinimum" -> Verdict.of(order > 0);
            case "exclusiveMaximum" -> Verdict.of(order < 0);
            default -> Numbers.multiple(value, limit) ? Verdict.VALID : Verdict.UNKNOWN;
        };
    }

    private static Verdict text(String value, JsonNode expected, String keyword) {
        int length = value.codePointCount(0, value.length());
        return switch (keyword) {
            case "minLength" ->
                expected.isNumber()
                        ? Verdict.of(BigDecimal.valueOf(length).compareTo(expected.decimalValue()) >= 0)
                        : Verdict.UNKNOWN;
            case "maxLength" ->
                expected.isNumber()
                        ? Verdict.of(BigDecimal.valueOf(length).compareTo(expected.decimalValue()) <= 0)
                        : Verdict.UNKNOWN;
            case "pattern" -> Verdict.of(SchemaPatterns.find(expected.asString(""), value));
            default -> Verdict.UNKNOWN;
        };
    }

    /** What can be told. */
    enum Verdict {
        VALID,
        INVALID,
        UNKNOWN;

        static Verdict of(boolean valid) {
            return valid ? VALID : INVALID;
        }

        Verdict and(Verdict other) {
            return this == INVALID || other == INVALID ? INVALID : this == UNKNOWN ? UNKNOWN : other;
        }

        Verdict not() {
            return this == VALID ? INVALID : this == INVALID ? VALID : UNKNOWN;
        }
    }
}
