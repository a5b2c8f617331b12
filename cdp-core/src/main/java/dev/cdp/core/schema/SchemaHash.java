package dev.cdp.core.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;

/**
 * The hash of what a schema says: of everything that can be reached from its root and of nothing else, in an order that
 * does not depend on how it is written. Where a part stands, how it is called, white space, the order of keys, and what
 * only describes do not count; {@code x-} keywords do.
 */
final class SchemaHash {

    private static final Set<String> LEFT_OUT =
            Set.of("$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "title", "description", "examples");
    private static final Set<String> UNORDERED = Set.of("required", "enum", "type");
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "dependentSchemas", "dependencies");
    private static final Set<String> VALUES = Set.of("const", "default");

    private final SchemaDocuments documents;
    private final IdentityHashMap<JsonNode, Integer> numbers = new IdentityHashMap<>();
    private final List<JsonNode> open = new ArrayList<>();

    private SchemaHash(SchemaDocuments documents) {
        this.documents = documents;
    }

    /** SHA-256, hex. */
    static String of(SchemaDocuments documents, Dialect dialect, JsonNode root) {
        StringBuilder text = new StringBuilder(dialect.name()).append('\n');
        if (dynamic(documents)) {
            new TreeMap<>(documents.texts())
                    .forEach((uri, document) ->
                            text.append(uri).append('\n').append(document).append('\n'));
        } else {
            new SchemaHash(documents).all(root, text);
        }
        return sha256(text.toString());
    }

    /** What a dynamic reference reaches cannot be told from where it stands, so all documents count as they are. */
    private static boolean dynamic(SchemaDocuments documents) {
        return documents.texts().values().stream().anyMatch(text -> text.contains("\"$dynamicRef\""));
    }

    private void all(JsonNode root, StringBuilder out) {
        number(root);
        for (int i = 0; i < open.size(); i++) {
            schema(open.get(i), out);
            out.append('\n');
        }
    }

    /** Schemas that are referred to have numbers, in the order in which they are met. */
    private int number(JsonNode schema) {
        return numbers.computeIfAbsent(schema, s -> {
            open.add(s);
            return open.size() - 1;
        });
    }

    private void schema(JsonNode schema, StringBuilder out) {
        if (schema.isArray()) {
            out.append('[');
            schema.forEach(child -> {
                schema(child, out);
                out.append(',');
            });
            out.append(']');
            return;
        }
        if (!schema.isObject()) {
            value(schema, out);
            return;
        }
        out.append('{');
        for (String keyword : new TreeSet<>(schema.propertyNames())) {
            if (!LEFT_OUT.contains(keyword)) {
                text(keyword, out);
                keyword(schema, keyword, out);
                out.append(',');
            }
        }
        out.append('}');
    }

    private void keyword(JsonNode schema, String keyword, StringBuilder out) {
        JsonNode value = schema.path(keyword);
        JsonNode target = keyword.equals("$ref") ? documents.target(schema) : null;
        if (target != null) {
            out.append('#').append(number(target));
        } else if (UNORDERED.contains(keyword) && value.isArray()) {
            unordered(value, out);
        } else if (MAPS.contains(keyword) && value.isObject()) {
            out.append('{');
            for (String name : new TreeSet<>(value.propertyNames())) {
                text(name, out);
                schema(value.path(name), out);
                out.append(',');
            }
            out.append('}');
        } else if (VALUES.contains(keyword) || keyword.startsWith("x-")) {
            value(value, out);
        } else {
            schema(value, out);
        }
    }

    private static void unordered(JsonNode list, StringBuilder out) {
        TreeSet<String> elements = new TreeSet<>();
        for (JsonNode element : list) {
            StringBuilder one = new StringBuilder();
            value(element, one);
            elements.add(one.toString());
        }
        out.append('[').append(String.join(",", elements)).append(']');
    }

    private static void value(JsonNode value, StringBuilder out) {
        if (value.isObject()) {
            out.append('{');
            for (String name : new TreeSet<>(value.propertyNames())) {
                text(name, out);
                value(value.path(name), out);
                out.append(',');
            }
            out.append('}');
        } else if (value.isArray()) {
            out.append('[');
            for (JsonNode element : value) {
                value(element, out);
                out.append(',');
            }
            out.append(']');
        } else if (value.isNumber()) {
            out.append(value.decimalValue().stripTrailingZeros());
        } else if (value.isString()) {
            text(value.asString(), out);
        } else {
            out.append(value);
        }
    }

    private static void text(String text, StringBuilder out) {
        out.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsCharArray(text))
                .append('"');
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
