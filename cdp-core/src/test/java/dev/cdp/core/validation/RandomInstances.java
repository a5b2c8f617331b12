package dev.cdp.core.validation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import tools.jackson.databind.JsonNode;

/** Random texts near a schema: mostly what it asks for, some of them damaged. */
final class RandomInstances {

    private static final List<String> ODD = List.of(
            "-0",
            "-0.0",
            "1.0",
            "1e400",
            "1E2",
            "0.1e-7",
            "12345678901234567890",
            "0.30000000000000004",
            "1e1000000",
            "01",
            "1.",
            ".5",
            "+1",
            "NaN",
            "\"\\u0000\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\u0061\"",
            "\"\\x\"",
            "\"a\nb\"",
            "\"line\\nend\"",
            "\"\\u2028\"",
            "\"😀\"",
            "[[]]",
            "{\"a\":1,\"a\":1}",
            "{\"a\":1,\"\\u0061\":2}",
            "nul",
            "true",
            "{}",
            "[]",
            "",
            " ",
            "[1,1]",
            "[1,1.0]",
            "2016-12-31T23:59:60Z",
            "99999999999999999999.5");

    private final Random random;
    private final JsonNode root;

    RandomInstances(Random random, JsonNode root) {
        this.random = random;
        this.root = root;
    }

    byte[] next() {
        StringBuilder text = new StringBuilder();
        value(root, text, 0);
        byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
        return chance(3) ? damaged(json) : json;
    }

    private void value(JsonNode schema, StringBuilder out, int depth) {
        space(out);
        if (chance(40)) {
            out.append(pick(ODD));
        } else if (depth > 6 || !schema.isObject()) {
            out.append(pick(List.of("1", "\"a\"", "null", "true", "{}", "[]")));
        } else if (schema.has("$ref")) {
            String ref = schema.get("$ref").asString();
            value(ref.equals("#") ? root : root.at(ref.substring(1)), out, depth + 1);
        } else if (schema.has("enum") || schema.has("const")) {
            List<JsonNode> values = new ArrayList<>();
            if (schema.has("enum")) {
                schema.get("enum").forEach(values::add);
            } else {
                values.add(schema.get("const"));
            }
            out.append(pick(values));
        } else {
            switch (type(schema)) {
                case "string" -> out.append('"').append(string(schema)).append('"');
                case "integer" -> out.append(integer(schema));
                case "number" -> out.append(chance(3) ? integer(schema) : pick(RandomSchemas.NUMBERS));
                case "boolean" -> out.append(random.nextBoolean());
                case "null" -> out.append("null");
                case "object" -> object(schema, out, depth);
                case "array" -> array(schema, out, depth);
                default -> branch(schema, out, depth);
            }
        }
        space(out);
    }

    private String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return type.get(random.nextInt(type.size())).asString();
        }
        if (type.isString()) {
            return type.asString();
        }
        return schema.has("properties") ? "object" : schema.has("items") ? "array" : "";
    }

    private void branch(JsonNode schema, StringBuilder out, int depth) {
        for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
            if (schema.has(keyword)) {
                JsonNode list = schema.get(keyword);
                value(list.get(random.nextInt(list.size())), out, depth + 1);
                return;
            }
        }
        value(schema.has("then") ? schema.get(chance(2) ? "then" : "if") : root.path("absent"), out, depth + 1);
    }

    private String string(JsonNode schema) {
        if (schema.has("format") && !chance(20)) {
            return changed(
                    RandomSchemas.FORMATS.getOrDefault(schema.get("format").asString(), "a"));
        }
        if (schema.has("pattern") && !chance(10)) {
            return RandomSchemas.PATTERNS.get(schema.get("pattern").asString());
        }
        int min = schema.path("minLength").asInt(0);
        int length = min + random.nextInt(6);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(pick(List.of("a", "b", "Z", "7", "_", "é", "\\u00e9", "\\n", "😀", " ", "/", "\\\"", ".")));
        }
        return text.toString();
    }

    /** The same text, half of the time with a few characters replaced, left out or repeated. */
    private String changed(String text) {
        StringBuilder changed = new StringBuilder(text);
        int changes = random.nextInt(6) - 3;
        for (int i = 0; i < changes && !changed.isEmpty(); i++) {
            int at = random.nextInt(changed.length());
            char other = "0123456789:-.TZ@/%?#ab~+ PYMDHSW".charAt(random.nextInt(32));
            switch (random.nextInt(4)) {
                case 0 -> changed.deleteCharAt(at);
                case 1 -> changed.insert(at, changed.charAt(at));
                case 2 -> changed.insert(at, other);
                default -> changed.setCharAt(at, other);
            }
        }
        return changed.toString();
    }

    private String integer(JsonNode schema) {
        int step = schema.path("multipleOf").isIntegralNumber()
                ? schema.path("multipleOf").intValue()
                : 1;
        int low = (int) Math.ceil(
                schema.path("minimum").asDouble(schema.path("exclusiveMinimum").asDouble(-3)));
        return String.valueOf(Math.floorDiv(low + random.nextInt(8), step) * step);
    }

    private void object(JsonNode schema, StringBuilder out, int depth) {
        out.append('{');
        List<String> keys = new ArrayList<>(schema.path("properties").propertyNames());
        schema.path("required").forEach(key -> keys.add(key.asString()));
        if (chance(4)) {
            keys.add(pick(RandomSchemas.KEYS));
        }
        if (chance(3)) {
            java.util.Collections.shuffle(keys, random);
        }
        boolean first = true;
        List<String> done = new ArrayList<>();
        for (String key : keys) {
            boolean repeated = done.contains(key) && !chance(100);
            boolean left = !schema.path("required").toString().contains(key) && chance(6);
            if (repeated || left) {
                continue;
            }
            done.add(key);
            out.append(first ? "" : ",");
            first = false;
            space(out);
            out.append('"');
            out.append(chance(30) && key.equals("a") ? "\\u0061" : key.replace("\"", "\\\""));
            out.append('"');
            space(out);
            out.append(':');
            JsonNode value = schema.path("properties").path(key);
            value(value.isMissingNode() ? schema.path("additionalProperties") : value, out, depth + 1);
        }
        out.append('}');
    }

    private void array(JsonNode schema, StringBuilder out, int depth) {
        out.append('[');
        JsonNode items = schema.path("items");
        JsonNode prefix = items.isArray() ? items : schema.path("prefixItems");
        int count = schema.path("minItems").asInt(0) + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : ",");
            value(i < prefix.size() ? prefix.get(i) : items, out, depth + 1);
        }
        out.append(']');
    }

    private byte[] damaged(byte[] json) {
        if (json.length == 0) {
            return json;
        }
        int at = random.nextInt(json.length);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(json, at);
            case 1 -> splice(json, at, at + 1, String.valueOf((char) random.nextInt(256)));
            case 2 -> flipped(json, at);
            case 3 -> splice(json, at, Math.min(json.length, at + random.nextInt(3)), pick(ODD));
            default ->
                splice(json, at, at, pick(List.of("0", "\"", ",", "}", "]", "1", " ", "\\", "-", ".", "e", "a")));
        };
    }

    private byte[] flipped(byte[] json, int at) {
        json[at] ^= (byte) (1 << random.nextInt(8));
        return json;
    }

    private static byte[] splice(byte[] json, int from, int to, String insert) {
        byte[] middle = insert.getBytes(StandardCharsets.UTF_8);
        byte[] result = Arrays.copyOf(json, from + middle.length + json.length - to);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(json, to, result, from + middle.length, json.length - to);
        return result;
    }

    private void space(StringBuilder out) {
        if (chance(15)) {
            out.append(pick(List.of(" ", "\n", "\t ", "\r\n")));
        }
    }

    private boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
