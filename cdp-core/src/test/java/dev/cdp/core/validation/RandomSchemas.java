package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.cdp.core.schema.Dialect;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random schemas over all keywords that the fast tier knows, and now and then one that it does not. */
final class RandomSchemas {

    /** Regular expressions and a text that each of them finds. */
    static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry("^[a-z]+$", "abc"),
            Map.entry("^[A-Z]{2}$", "DE"),
            Map.entry("a.c", "xabcx"),
            Map.entry("^(foo|bar)_\\d{1,3}$", "foo_12"),
            Map.entry("\\S", " x"),
            Map.entry("^.{1,5}$", "äöü"),
            Map.entry("[^a-z]", "A"),
            Map.entry("^$|^x", "xy"),
            Map.entry("^(?:a|b?)*c$", "abac"),
            Map.entry("\\w+@\\w+\\.com", "a@b.com"),
            Map.entry("^[\\w.-]+$", "a-b.c"),
            Map.entry("^\\p{L}+$", "abc"),
            Map.entry("(x+x+)+y", "xxxxy"));

    static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("date-time", "2026-02-28T23:59:59.123Z"),
            Map.entry("date", "2024-02-29"),
            Map.entry("time", "12:00:00+01:00"),
            Map.entry("duration", "P1DT2H"),
            Map.entry("uuid", "01890a5d-ac96-774b-bcce-b302099a8057"),
            Map.entry("email", "a.b+c@example.com"),
            Map.entry("hostname", "www.example.com"),
            Map.entry("ipv4", "10.0.0.255"),
            Map.entry("ipv6", "2001:db8::1"),
            Map.entry("uri", "https://example.com:8080/a%20b?x=1&y=2#z"),
            Map.entry("uri-reference", "a/b?x=1"),
            Map.entry("json-pointer", "/a~1b/0"),
            Map.entry("regex", "a+"));

    static final List<String> KEYS = List.of("a", "b", "user_id", "x", "a_long_property_name", "é", "a\"b", "", "n1");
    static final List<String> NUMBERS =
            List.of("0", "1", "-1", "0.5", "2.5", "100", "-0.1", "10", "3", "1e2", "-7", "123456789012", "0.01", "2.0");

    private final Random random;
    private final Dialect dialect;

    RandomSchemas(Random random, Dialect dialect) {
        this.random = random;
        this.dialect = dialect;
    }

    ObjectNode root() {
        ObjectNode root = schema(4);
        ObjectNode definitions = JsonNodeFactory.instance.objectNode();
        definitions.set("d0", schema(2));
        definitions.set("d1", schema(2));
        root.set(dialect == Dialect.DRAFT_7 ? "definitions" : "$defs", definitions);
        return root;
    }

    private ObjectNode schema(int depth) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        int kind = random.nextInt(depth <= 0 ? 5 : 9);
        switch (kind) {
            case 0, 1 -> string(schema);
            case 2, 3 -> number(schema);
            case 4 -> schema.put("type", chance(3) ? "null" : "boolean");
            case 5, 6 -> object(schema, depth);
            case 7 -> array(schema, depth);
            default -> inPlace(schema, depth);
        }
        if (chance(8)) {
            schema.remove("type");
        }
        if (chance(12) && schema.path("type").isString()) {
            ArrayNode types =
                    schema.arrayNode().add(schema.path("type").asString()).add(chance(2) ? "null" : "string");
            if (!types.get(0).equals(types.get(1))) {
                schema.set("type", types);
            }
        }
        if (chance(12) && depth > 0) {
            inPlace(schema, depth);
        }
        if (chance(12)) {
            enumeration(schema);
        }
        if (chance(60)) {
            schema.put("format", "unknown-one");
        }
        return schema;
    }

    private void string(ObjectNode schema) {
        schema.put("type", "string");
        if (chance(4)) {
            schema.put("minLength", random.nextInt(4));
        }
        if (chance(4)) {
            schema.put("maxLength", random.nextInt(12));
        }
        if (chance(4)) {
            schema.put("pattern", pick(new ArrayList<>(PATTERNS.keySet())));
        }
        if (chance(3)) {
            schema.put("format", pick(new ArrayList<>(FORMATS.keySet())));
        }
    }

    private void number(ObjectNode schema) {
        schema.put("type", chance(2) ? "integer" : "number");
        for (String keyword : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (chance(5)) {
                schema.set(keyword, json(pick(NUMBERS)));
            }
        }
        if (chance(5)) {
            schema.set("multipleOf", json(pick(List.of("1", "2", "3", "0.5", "0.01", "10", "2.5"))));
        }
    }

    private void object(ObjectNode schema, int depth) {
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            properties.set(pick(KEYS), schema(depth - 1));
        }
        if (chance(2)) {
            keys(schema.putArray("required"), 2);
        }
        if (chance(4)) {
            schema.set("additionalProperties", schemaOrBoolean(depth));
        }
        if (chance(6)) {
            schema.putObject("patternProperties").set(pick(List.of("^[a-z]$", "_", "^n\\d", "^é")), schema(depth - 1));
        }
        if (chance(8)) {
            string(schema.putObject("propertyNames"));
        }
        if (chance(8)) {
            schema.put("minProperties", random.nextInt(3));
        }
        if (chance(8)) {
            schema.put("maxProperties", 1 + random.nextInt(4));
        }
        if (chance(8)) {
            String keyword = dialect == Dialect.DRAFT_7 ? "dependencies" : "dependentRequired";
            keys(schema.putObject(keyword).putArray(pick(KEYS)), 2);
        } else if (chance(8)) {
            String keyword = dialect == Dialect.DRAFT_7 ? "dependencies" : "dependentSchemas";
            schema.putObject(keyword).set(pick(KEYS), schema(depth - 1));
        }
        if (chance(40) && dialect == Dialect.DRAFT_2020_12) {
            schema.put("unevaluatedProperties", false);
        }
    }

    private void array(ObjectNode schema, int depth) {
        schema.put("type", "array");
        if (chance(4)) {
            ArrayNode prefix = schema.putArray(dialect == Dialect.DRAFT_7 ? "items" : "prefixItems");
            prefix.add(schema(depth - 1)).add(schema(depth - 1));
            if (chance(2)) {
                schema.set(dialect == Dialect.DRAFT_7 ? "additionalItems" : "items", schemaOrBoolean(depth));
            }
        } else {
            schema.set("items", schemaOrBoolean(depth));
        }
        if (chance(5)) {
            schema.set("contains", schema(depth - 1));
            if (dialect == Dialect.DRAFT_2020_12) {
                schema.put("minContains", random.nextInt(3));
                schema.put("maxContains", 1 + random.nextInt(3));
            }
        }
        if (chance(4)) {
            schema.put("uniqueItems", true);
        }
        if (chance(5)) {
            schema.put("minItems", random.nextInt(3));
        }
        if (chance(5)) {
            schema.put("maxItems", random.nextInt(5));
        }
    }

    private void inPlace(ObjectNode schema, int depth) {
        switch (random.nextInt(6)) {
            case 0 -> branches(schema.putArray("allOf"), depth);
            case 1 -> branches(schema.putArray("anyOf"), depth);
            case 2 -> branches(schema.putArray("oneOf"), depth);
            case 3 -> schema.set("not", schema(depth - 1));
            case 4 -> {
                schema.set("if", schema(depth - 1));
                schema.set("then", schemaOrBoolean(depth));
                schema.set("else", schemaOrBoolean(depth));
            }
            default ->
                schema.put(
                        "$ref",
                        chance(4)
                                ? "#"
                                : (dialect == Dialect.DRAFT_7 ? "#/definitions/d" : "#/$defs/d") + random.nextInt(2));
        }
    }

    private void branches(ArrayNode list, int depth) {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            list.add(schema(depth - 1));
        }
    }

    private tools.jackson.databind.JsonNode schemaOrBoolean(int depth) {
        return chance(4) ? JsonNodeFactory.instance.booleanNode(chance(2)) : schema(depth - 1);
    }

    private void enumeration(ObjectNode schema) {
        ArrayNode values = schema.arrayNode();
        for (String value : List.of("1", "\"a\"", "null", "true", "2.5", "\"é\"", "{}", "[1]", "100", "\"active\"")) {
            if (chance(3)) {
                values.add(json(value));
            }
        }
        if (values.isEmpty()) {
            values.add("a");
        }
        if (chance(3)) {
            schema.set("const", values.get(0));
        } else {
            schema.set("enum", values);
        }
    }

    private void keys(ArrayNode list, int count) {
        for (int i = 0; i < count; i++) {
            String key = pick(KEYS);
            if (list.valueStream().noneMatch(k -> k.asString().equals(key))) {
                list.add(key);
            }
        }
    }

    private boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static tools.jackson.databind.JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
