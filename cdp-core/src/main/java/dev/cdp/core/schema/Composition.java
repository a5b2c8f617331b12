package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema as one: what it says itself, what its {@code $ref} names and what its {@code allOf} adds. In draft-07 a
 * {@code $ref} stands for everything beside it. Of branches of other choices nothing is said. Not thread-safe.
 */
final class Composition {

    private static final int MAX_PARTS = 200;
    private static final Set<String> LINKS = Set.of("$ref", "allOf", "$schema", "$id", "$defs", "definitions");
    private static final Set<String> ANNOTATIONS =
            Set.of("$comment", "title", "description", "examples", "default", "deprecated", "x-pii");

    private final SchemaDocuments documents;
    private final boolean refAlone;
    private final IdentityHashMap<JsonNode, Integer> numbers = new IdentityHashMap<>();
    private final Map<List<Integer>, JsonNode> merged = new HashMap<>();

    /** {@code root} is the schema whose dialect decides. */
    Composition(SchemaDocuments documents, JsonNode root) {
        this.documents = documents;
        this.refAlone = Dialect.of(root.path("$schema").asString(""))
                .filter(Dialect.DRAFT_7::equals)
                .isPresent();
    }

    /** The schema as one. Schemas of the same parts are the same object, so one that holds itself can be told. */
    JsonNode of(JsonNode schema) {
        List<JsonNode> parts = parts(schema);
        if (parts.size() <= 1) {
            return parts.isEmpty() ? documents.resolve(schema) : parts.get(0);
        }
        List<Integer> key = parts.stream()
                .map(part -> numbers.computeIfAbsent(part, unseen -> numbers.size()))
                .toList();
        return merged.computeIfAbsent(key, unseen -> merge(parts));
    }

    /** Of a schema and its parts the first that has the keyword, else itself. */
    JsonNode owner(JsonNode schema, String keyword) {
        return schema.has(keyword)
                ? schema
                : parts(schema).stream()
                        .filter(part -> part.has(keyword))
                        .findFirst()
                        .orElse(schema);
    }

    /** All that say something of the value, itself first. */
    private List<JsonNode> parts(JsonNode schema) {
        Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<JsonNode> open = new ArrayList<>(List.of(schema));
        List<JsonNode> parts = new ArrayList<>();
        for (int i = 0; i < open.size() && i < MAX_PARTS; i++) {
            JsonNode here = open.get(i);
            JsonNode target = here.path("$ref").isString() ? documents.target(here) : null;
            if (!seen.add(here)) {
                continue;
            }
            if (target != null) {
                open.add(target);
            }
            if (target == null || !refAlone) {
                here.path("allOf").forEach(open::add);
                if (says(here)) {
                    parts.add(here);
                }
            }
        }
        return parts;
    }

    private static boolean says(JsonNode schema) {
        return schema.propertyStream()
                .map(Map.Entry::getKey)
                .anyMatch(keyword -> !LINKS.contains(keyword) && !ANNOTATIONS.contains(keyword));
    }

    private static JsonNode merge(List<JsonNode> parts) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        for (JsonNode part : parts) {
            for (var entry : part.properties()) {
                String keyword = entry.getKey();
                JsonNode before = one.get(keyword);
                if (!LINKS.contains(keyword)) {
                    one.set(keyword, before == null ? entry.getValue() : both(keyword, before, entry.getValue()));
                }
            }
        }
        return one;
    }

    /** What two parts say by one keyword; where no keyword could say both, what the first says. */
    private static JsonNode both(String keyword, JsonNode first, JsonNode second) {
        return switch (keyword) {
            case "properties" -> properties(first, second);
            case "required" -> union(first, second);
            case "type" -> types(first, second);
            case "items", "additionalProperties" ->
                first.isObject() && second.isObject() ? allOf(first, second) : first;
            case "minimum", "exclusiveMinimum" -> tighter(first, second, 1);
            case "maximum", "exclusiveMaximum" -> tighter(first, second, -1);
            default -> first;
        };
    }

    private static JsonNode properties(JsonNode first, JsonNode second) {
        if (!first.isObject() || !second.isObject()) {
            return first;
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        first.properties().forEach(property -> all.set(property.getKey(), property.getValue()));
        for (var property : second.properties()) {
            JsonNode before = all.get(property.getKey());
            all.set(property.getKey(), before == null ? property.getValue() : allOf(before, property.getValue()));
        }
        return all;
    }

    private static JsonNode allOf(JsonNode first, JsonNode second) {
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.putArray("allOf").add(first).add(second);
        return both;
    }

    private static JsonNode union(JsonNode first, JsonNode second) {
        Set<JsonNode> all = new LinkedHashSet<>();
        first.forEach(all::add);
        second.forEach(all::add);
        return JsonNodeFactory.instance.arrayNode().addAll(all);
    }

    private static JsonNode types(JsonNode first, JsonNode second) {
        Set<JsonKind> kinds = new HashSet<>(JsonKind.named(first));
        kinds.retainAll(JsonKind.named(second));
        if (kinds.isEmpty()) {
            return first;
        }
        if (kinds.contains(JsonKind.FRACTION)) {
            kinds.remove(JsonKind.INTEGER);
        }
        var names = JsonNodeFactory.instance.arrayNode();
        kinds.stream().sorted().forEach(kind -> names.add(kind.type()));
        return names;
    }

    private static JsonNode tighter(JsonNode first, JsonNode second, int sign) {
        return first.isNumber() && second.isNumber() && first.decimalValue().compareTo(second.decimalValue()) * sign < 0
                ? second
                : first;
    }
}
