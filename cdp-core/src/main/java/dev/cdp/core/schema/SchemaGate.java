package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import dev.cdp.core.schema.InvalidSchemaException.Finding;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Refuses schemas that cannot be evaluated in bounded time and memory: references to nothing, cycles that consume
 * nothing, and graphs that unfold to more subschemas than any event needs.
 */
final class SchemaGate {

    private static final long MAX_UNFOLDED = 100_000;
    private static final Set<String> IN_PLACE_LISTS = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> IN_PLACE = Set.of("not", "if", "then", "else");
    private static final Set<String> IN_PLACE_MAPS = Set.of("dependentSchemas", "dependencies");
    private static final Set<String> LISTS = Set.of("prefixItems");
    private static final Set<String> SINGLE = Set.of(
            "additionalProperties",
            "propertyNames",
            "items",
            "additionalItems",
            "contains",
            "unevaluatedItems",
            "unevaluatedProperties");
    private static final Set<String> MAPS = Set.of("properties", "patternProperties");

    private final SchemaDocuments documents;
    private final List<Finding> findings = new ArrayList<>();
    private final IdentityHashMap<JsonNode, Long> unfolded = new IdentityHashMap<>();
    private final IdentityHashMap<JsonNode, Boolean> onPath = new IdentityHashMap<>();
    private final IdentityHashMap<JsonNode, Boolean> inPlacePath = new IdentityHashMap<>();

    private SchemaGate(SchemaDocuments documents) {
        this.documents = documents;
    }

    static List<Finding> check(SchemaDocuments documents, JsonNode root) {
        SchemaGate gate = new SchemaGate(documents);
        if (gate.unfold(root, "") > MAX_UNFOLDED && gate.findings.isEmpty()) {
            gate.findings.add(new Finding(
                    "schema-size",
                    "",
                    0,
                    0,
                    "unfolds to more than " + MAX_UNFOLDED
                            + " subschemas; name shared parts once and do not combine them in powers"));
        }
        return gate.findings;
    }

    /** How many subschemas this one stands for when every reference is followed, recursion counted once. */
    private long unfold(JsonNode schema, String pointer) {
        if (!schema.isObject() || !findings.isEmpty()) {
            return 1;
        }
        Long known = unfolded.get(schema);
        if (known != null && !inPlacePath.containsKey(schema)) {
            return known;
        }
        if (inPlacePath.containsKey(schema)) {
            findings.add(new Finding(
                    "schema-cycle", pointer, 0, 0, "refers to itself without going into a property or an item"));
            return 1;
        }
        if (onPath.containsKey(schema)) {
            return 1;
        }
        onPath.put(schema, true);
        inPlacePath.put(schema, true);
        long total = 1 + inPlace(schema, pointer);
        inPlacePath.remove(schema);
        total += consuming(schema, pointer);
        onPath.remove(schema);
        unfolded.put(schema, Math.min(total, MAX_UNFOLDED + 1));
        return Math.min(total, MAX_UNFOLDED + 1);
    }

    private long inPlace(JsonNode schema, String pointer) {
        long total = 0;
        if (schema.path("$ref").isString()) {
            JsonNode target = documents.target(schema);
            String ref = schema.path("$ref").asString();
            boolean dialect = ref.contains("json-schema.org/draft");
            if (target == null && !dialect) {
                findings.add(new Finding("schema-ref", pointer + "/$ref", 0, 0, "'" + ref + "' names no schema"));
            } else if (target != null) {
                total += unfold(target, pointer + "/$ref");
            }
        }
        for (var property : schema.properties()) {
            String here = pointer + "/" + property.getKey();
            if (IN_PLACE_LISTS.contains(property.getKey())) {
                total += each(property.getValue(), here);
            } else if (IN_PLACE.contains(property.getKey())) {
                total += unfold(property.getValue(), here);
            } else if (IN_PLACE_MAPS.contains(property.getKey())) {
                total += each(property.getValue(), here);
            }
        }
        return total;
    }

    private long consuming(JsonNode schema, String pointer) {
        IdentityHashMap<JsonNode, Boolean> outer = new IdentityHashMap<>(inPlacePath);
        inPlacePath.clear();
        long total = 0;
        for (var property : schema.properties()) {
            String here = pointer + "/" + property.getKey();
            String problem = null;
            if (SINGLE.contains(property.getKey()) && !property.getValue().isArray()) {
                total += unfold(property.getValue(), here);
            } else if (MAPS.contains(property.getKey())
                    || LISTS.contains(property.getKey())
                    || property.getKey().equals("items")) {
                total += each(property.getValue(), here);
            } else if (property.getKey().equals("pattern")) {
                problem = regexProblem(property.getValue().asString(""));
            }
            if (property.getKey().equals("patternProperties")) {
                problem = property.getValue().propertyNames().stream()
                        .map(SchemaGate::regexProblem)
                        .filter(p -> p != null)
                        .findFirst()
                        .orElse(null);
            }
            if (problem != null) {
                findings.add(new Finding("schema-pattern", here, 0, 0, problem));
            }
        }
        inPlacePath.putAll(outer);
        return total;
    }

    private long each(JsonNode children, String pointer) {
        long total = 0;
        if (children.isArray()) {
            for (int i = 0; i < children.size(); i++) {
                total += unfold(children.get(i), pointer + "/" + i);
            }
        } else {
            for (var child : children.properties()) {
                total += unfold(child.getValue(), pointer + "/" + child.getKey());
            }
        }
        return total;
    }

    private static @Nullable String regexProblem(String regex) {
        try {
            Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "not a regular expression: " + e.getDescription();
        }
    }
}
