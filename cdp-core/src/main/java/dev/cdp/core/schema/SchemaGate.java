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
    private static final int MAX_DEPTH = 500;
    private static final int MAX_FINDINGS = 100;
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

    private boolean tooDeep;

    private SchemaGate(SchemaDocuments documents) {
        this.documents = documents;
    }

    static List<Finding> check(SchemaDocuments documents, JsonNode root) {
        SchemaGate gate = new SchemaGate(documents);
        if (gate.unfold(root, 0) > MAX_UNFOLDED && gate.findings.isEmpty()) {
            gate.refuse(
                    "schema-size",
                    root,
                    "",
                    "unfolds to more than " + MAX_UNFOLDED
                            + " subschemas; name shared parts once and do not combine them in powers");
        }
        return gate.findings;
    }

    /** How many subschemas this one stands for when every reference is followed, recursion counted once. */
    private long unfold(JsonNode schema, int depth) {
        Long known = unfolded.get(schema);
        if (!schema.isObject() || tooDeep) {
            return 1;
        }
        if (inPlacePath.containsKey(schema)) {
            refuse("schema-cycle", schema, "", "refers to itself without going into a property or an item");
            return 1;
        }
        if (known != null) {
            return known;
        }
        if (onPath.containsKey(schema)) {
            return 1;
        }
        if (depth > MAX_DEPTH) {
            tooDeep = true;
            refuse("schema-size", schema, "", "stands more than " + MAX_DEPTH + " references and levels deep");
            return 1;
        }
        onPath.put(schema, true);
        inPlacePath.put(schema, true);
        long total = 1 + inPlace(schema, depth);
        inPlacePath.remove(schema);
        total += consuming(schema, depth);
        onPath.remove(schema);
        unfolded.put(schema, Math.min(total, MAX_UNFOLDED + 1));
        return Math.min(total, MAX_UNFOLDED + 1);
    }

    private long inPlace(JsonNode schema, int depth) {
        long total = 0;
        if (schema.path("$ref").isString()) {
            JsonNode target = documents.target(schema);
            String ref = schema.path("$ref").asString();
            boolean dialect = ref.contains("json-schema.org/draft");
            if (target == null && !dialect) {
                refuse("schema-ref", schema, "/$ref", "'" + SchemaDocuments.shown(ref) + "' names no schema");
            } else if (target != null) {
                total += unfold(target, depth + 1);
            }
        }
        for (var property : schema.properties()) {
            if (IN_PLACE.contains(property.getKey())) {
                total += unfold(property.getValue(), depth + 1);
            } else if (IN_PLACE_LISTS.contains(property.getKey()) || IN_PLACE_MAPS.contains(property.getKey())) {
                total += each(property.getValue(), depth);
            }
        }
        return total;
    }

    private long consuming(JsonNode schema, int depth) {
        IdentityHashMap<JsonNode, Boolean> outer = new IdentityHashMap<>(inPlacePath);
        inPlacePath.clear();
        long total = 0;
        for (var property : schema.properties()) {
            String keyword = property.getKey();
            JsonNode value = property.getValue();
            if (SINGLE.contains(keyword) && !value.isArray()) {
                total += unfold(value, depth + 1);
            } else if (MAPS.contains(keyword) || LISTS.contains(keyword) || keyword.equals("items")) {
                total += each(value, depth);
            } else if (keyword.equals("pattern")) {
                checkPattern(schema, "/pattern", value.asString(""));
            }
            if (keyword.equals("patternProperties")) {
                for (String pattern : value.propertyNames()) {
                    checkPattern(schema, "/patternProperties/" + JsonPlace.segment(pattern), pattern);
                }
            }
        }
        inPlacePath.putAll(outer);
        return total;
    }

    private long each(JsonNode children, int depth) {
        long total = 0;
        for (JsonNode child : children.values()) {
            total += unfold(child, depth + 1);
        }
        return total;
    }

    private void checkPattern(JsonNode schema, String part, String regex) {
        String problem = regexProblem(regex);
        if (problem != null) {
            refuse("schema-pattern", schema, part, problem);
        }
    }

    private void refuse(String rule, JsonNode schema, String part, String message) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(documents.finding(rule, schema, part, message));
        }
    }

    private static @Nullable String regexProblem(String regex) {
        try {
            Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "not a regular expression: " + e.getDescription();
        } catch (StackOverflowError e) {
            return "a regular expression nested too deeply to be read";
        }
    }
}
