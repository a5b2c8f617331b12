package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random schemas over a small world of names and values, so that instances often meet what schemas say. */
final class SchemaPairs {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> MAPS = Set.of(
            "$defs",
            "definitions",
            "properties",
            "patternProperties",
            "dependencies",
            "dependentRequired",
            "dependentSchemas");
    private static final Set<String> CONSTANTS = Set.of("enum", "const");
    private static final List<String> NAMES = List.of("a", "b", "ab", "c");
    private static final List<String> TYPES =
            List.of("null", "boolean", "integer", "number", "string", "array", "object");
    private static final Set<String> NUMBERS = Set.of("integer", "number");
    private static final List<String> PATTERNS = List.of("^a", "b$", "^[ab]+$", ".*", "^$");
    private static final List<String> FORMATS = List.of("date", "uuid", "ipv4", "date-time");
    private static final List<String> SCALARS = List.of(
            "null",
            "true",
            "false",
            "-1",
            "0",
            "1",
            "1.0",
            "2",
            "3",
            "6",
            "0.5",
            "1.5",
            "\"\"",
            "\"a\"",
            "\"b\"",
            "\"ab\"",
            "\"abc\"",
            "\"2026-01-01\"",
            "\"6f1b8a8e-6a0f-4b57-8d3a-0f4f1f5f9b10\"",
            "\"10.0.0.1\"",
            "\"2026-01-01T00:00:00Z\"",
            "\"\uD83D\uDE00\"");

    private final Random random;
    private final boolean draft7;

    SchemaPairs(Random random) {
        this.random = random;
        this.draft7 = random.nextInt(4) == 0;
    }

    String schema() {
        JsonNode body = node(3);
        ObjectNode root = body.isObject()
                ? (ObjectNode) body
                : NODES.objectNode().set("allOf", NODES.arrayNode().add(body));
        root.put(
                "$schema",
                draft7 ? "http://json-schema.org/draft-07/schema#" : "https://json-schema.org/draft/2020-12/schema");
        ObjectNode definitions = root.putObject(draft7 ? "definitions" : "$defs");
        definitions.set("x", node(2));
        definitions.set("y", node(1));
        return root.toString();
    }

    /** One to three small changes somewhere in a schema. */
    String mutated(String schema) {
        JsonNode root = MAPPER.readTree(schema);
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<ObjectNode> places = new ArrayList<>();
            collect(root, places);
            mutate(pick(places));
        }
        return root.toString();
    }

    /** The schemas in a schema; constants, and what only maps names to schemas, are none. */
    private static void collect(JsonNode node, List<ObjectNode> places) {
        if (node instanceof ObjectNode object) {
            places.add(object);
        }
        for (var property : node.properties()) {
            if (MAPS.contains(property.getKey())) {
                property.getValue().forEach(child -> collect(child, places));
            } else if (!CONSTANTS.contains(property.getKey())) {
                collect(property.getValue(), places);
            }
        }
        if (node.isArray()) {
            node.forEach(child -> collect(child, places));
        }
    }

    private void mutate(ObjectNode schema) {
        List<String> names = new ArrayList<>(schema.propertyNames());
        names.removeAll(List.of("$schema", "$defs", "definitions"));
        if (names.isEmpty() || random.nextInt(3) == 0) {
            keyword(schema, 1);
            return;
        }
        String name = pick(names);
        JsonNode value = schema.get(name);
        if (value.isNumber() && random.nextBoolean()) {
            int least = name.equals("multipleOf") ? 1 : name.endsWith("imum") ? -3 : 0;
            schema.put(name, Math.max(least, (int) value.doubleValue() + random.nextInt(5) - 2));
        } else if (name.equals("type")) {
            type(schema);
        } else if (value instanceof ArrayNode array && random.nextBoolean() && array.size() > 1) {
            if (random.nextBoolean()) {
                array.remove(random.nextInt(array.size()));
            } else {
                array.add(element(name));
            }
        } else {
            schema.remove(name);
        }
    }

    private JsonNode element(String keyword) {
        return switch (keyword) {
            case "required" -> NODES.stringNode(pick(NAMES));
            case "enum" -> value(1);
            default -> node(1);
        };
    }

    private JsonNode node(int depth) {
        if (random.nextInt(12) == 0) {
            return NODES.booleanNode(random.nextInt(3) > 0);
        }
        ObjectNode schema = NODES.objectNode();
        if (random.nextInt(5) > 0) {
            type(schema);
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            keyword(schema, depth);
        }
        return schema;
    }

    /** Never integer beside number: there networknt compares bounds as whole numbers, and takes 0.5 for 0. */
    private void type(ObjectNode schema) {
        String first = pick(TYPES);
        String second = pick(TYPES);
        boolean numbers = NUMBERS.contains(first) && NUMBERS.contains(second);
        if (random.nextInt(4) == 0 && !first.equals(second) && !numbers) {
            schema.putArray("type").add(first).add(second);
        } else {
            schema.put("type", first);
        }
    }

    private void keyword(ObjectNode schema, int depth) {
        switch (random.nextInt(depth > 0 ? 36 : 17)) {
            case 0 -> schema.set("enum", values());
            case 1 -> schema.set("const", value(1));
            case 2 -> schema.put("minimum", random.nextInt(4) - 1);
            case 3 -> schema.put("maximum", random.nextInt(6));
            case 4 -> schema.put("exclusiveMinimum", random.nextInt(4) - 1);
            case 5 -> schema.put("exclusiveMaximum", random.nextInt(6));
            case 6 -> schema.set("multipleOf", MAPPER.readTree(pick(List.of("1", "2", "3", "6", "0.5"))));
            case 7 -> schema.put("minLength", random.nextInt(3));
            case 8 -> schema.put("maxLength", random.nextInt(4));
            case 9 -> schema.put("pattern", pick(PATTERNS));
            case 10 -> schema.put("format", pick(FORMATS));
            case 11 -> required(schema);
            case 12 -> schema.put(pick(List.of("minProperties", "minItems")), random.nextInt(3));
            case 13 -> schema.put(pick(List.of("maxProperties", "maxItems")), random.nextInt(4));
            case 14 -> schema.put("uniqueItems", random.nextBoolean());
            case 15 -> type(schema);
            case 16 -> schema.put("$ref", (draft7 ? "#/definitions/" : "#/$defs/") + pick(List.of("x", "y")));
            case 17, 18, 19, 20 -> properties(schema, depth);
            case 21, 22 -> schema.set("additionalProperties", maybeFalse(depth));
            case 23 -> schema.putObject("patternProperties").set(pick(PATTERNS), node(depth - 1));
            case 24 -> schema.set("propertyNames", node(0));
            case 25 -> schema.set("items", node(depth - 1));
            case 26 -> firstItems(schema, depth);
            case 27 -> schema.set("contains", node(depth - 1));
            case 28 -> schema.put(pick(List.of("minContains", "maxContains")), random.nextInt(3));
            case 29, 30 -> branches(schema, "anyOf", depth);
            case 31 -> branches(schema, "allOf", depth);
            case 32 -> branches(schema, "oneOf", depth);
            case 33 -> schema.set("not", node(depth - 1));
            case 34 -> conditional(schema, depth);
            default -> dependencies(schema, depth);
        }
    }

    private JsonNode maybeFalse(int depth) {
        return random.nextBoolean() ? NODES.booleanNode(false) : node(depth - 1);
    }

    private void required(ObjectNode schema) {
        ArrayNode names = schema.putArray("required");
        for (int i = random.nextInt(2); i >= 0; i--) {
            names.add(pick(NAMES));
        }
    }

    private void properties(ObjectNode schema, int depth) {
        JsonNode before = schema.path("properties");
        ObjectNode properties = before instanceof ObjectNode object ? object : schema.putObject("properties");
        for (int i = random.nextInt(3); i >= 0; i--) {
            properties.set(pick(NAMES), node(depth - 1));
        }
    }

    private void firstItems(ObjectNode schema, int depth) {
        ArrayNode items = schema.putArray(draft7 ? "items" : "prefixItems");
        for (int i = random.nextInt(2); i >= 0; i--) {
            items.add(node(depth - 1));
        }
        if (random.nextBoolean()) {
            schema.set(draft7 ? "additionalItems" : "items", maybeFalse(depth));
        }
    }

    private void branches(ObjectNode schema, String keyword, int depth) {
        ArrayNode branches = schema.putArray(keyword);
        for (int i = random.nextInt(3); i >= 0; i--) {
            branches.add(node(depth - 1));
        }
    }

    private void conditional(ObjectNode schema, int depth) {
        schema.set("if", node(depth - 1));
        schema.set(random.nextBoolean() ? "then" : "else", node(depth - 1));
    }

    private void dependencies(ObjectNode schema, int depth) {
        if (random.nextBoolean()) {
            schema.putObject(draft7 ? "dependencies" : "dependentRequired")
                    .putArray(pick(NAMES))
                    .add(pick(NAMES));
        } else {
            schema.putObject(draft7 ? "dependencies" : "dependentSchemas").set(pick(NAMES), node(depth - 1));
        }
    }

    private ArrayNode values() {
        ArrayNode values = NODES.arrayNode();
        for (int i = random.nextInt(4); i >= 0; i--) {
            values.add(value(1));
        }
        return values;
    }

    List<JsonNode> instances(int count) {
        List<JsonNode> instances = new ArrayList<>();
        SCALARS.forEach(scalar -> instances.add(MAPPER.readTree(scalar)));
        while (instances.size() < SCALARS.size() + count) {
            instances.add(container(3));
        }
        return instances;
    }

    private JsonNode value(int depth) {
        return depth == 0 || random.nextInt(3) > 0 ? MAPPER.readTree(pick(SCALARS)) : container(depth);
    }

    private JsonNode container(int depth) {
        if (random.nextInt(3) == 0) {
            ArrayNode array = NODES.arrayNode();
            for (int i = random.nextInt(4); i > 0; i--) {
                array.add(value(depth - 1));
            }
            return array;
        }
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set(pick(NAMES), value(depth - 1));
        }
        return object;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
