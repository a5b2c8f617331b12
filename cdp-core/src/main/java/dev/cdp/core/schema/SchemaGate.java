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
    private final IdentityHashMap<JsonNode, Extent> unfolded = new IdentityHashMap<>();
    private final IdentityHashMap<JsonNode, Boolean> onPath = new IdentityHashMap<>();
    private final IdentityHashMap<JsonNode, Boolean> inPlacePath = new IdentityHashMap<>();

    private boolean tooDeep;

    private SchemaGate(SchemaDocuments documents) {
        this.documents = documents;
    }

    static List<Finding> check(SchemaDocuments documents, JsonNode root) {
        SchemaGate gate = new SchemaGate(documents);
        if (gate.unfold(root, 0).total > MAX_UNFOLDED && gate.findings.isEmpty()) {
            gate.refuse(
                    "schema-size",
                    root,
                    "",
                    "unfolds to more than " + MAX_UNFOLDED
                            + " subschemas; name shared parts once and do not combine them in powers");
        }
        return gate.findings;
    }

    /** How large this schema is when every reference is followed, recursion counted once. */
    private Extent unfold(JsonNode schema, int depth) {
        Extent known = unfolded.get(schema);
        if (!schema.isObject() || tooDeep) {
            return Extent.ONE;
        }
        if (inPlacePath.containsKey(schema)) {
            refuse("schema-cycle", schema, "", "refers to itself without going into a property or an item");
            return Extent.ONE;
        }
        if (known == null && onPath.containsKey(schema)) {
            return Extent.ONE;
        }
        if (depth + (known == null ? 1 : known.height) > MAX_DEPTH) {
            tooDeep = true;
            refuse("schema-size", schema, "", "stands more than " + MAX_DEPTH + " references and levels deep");
            return Extent.ONE;
        }
        if (known != null) {
            return known;
        }
        onPath.put(schema, true);
        inPlacePath.put(schema, true);
        Extent extent = inPlace(schema, depth);
        inPlacePath.remove(schema);
        extent = extent.and(consuming(schema, depth)).inside();
        onPath.remove(schema);
        unfolded.put(schema, extent);
        return extent;
    }

    private Extent inPlace(JsonNode schema, int depth) {
        Extent extent = Extent.NONE;
        if (schema.path("$ref").isString()) {
            JsonNode target = documents.target(schema);
            String ref = schema.path("$ref").asString();
            boolean dialect = ref.contains("json-schema.org/draft");
            if (target == null && !dialect) {
                refuse("schema-ref", schema, "/$ref", "'" + SchemaDocuments.shown(ref) + "' names no schema");
            } else if (target != null) {
                extent = unfold(target, depth + 1);
            }
        }
        for (var property : schema.properties()) {
            if (IN_PLACE.contains(property.getKey())) {
                extent = extent.and(unfold(property.getValue(), depth + 1));
            } else if (IN_PLACE_LISTS.contains(property.getKey()) || IN_PLACE_MAPS.contains(property.getKey())) {
                extent = extent.and(each(property.getValue(), depth));
            }
        }
        return extent;
    }

    private Extent consuming(JsonNode schema, int depth) {
        IdentityHashMap<JsonNode, Boolean> outer = new IdentityHashMap<>(inPlacePath);
        inPlacePath.clear();
        Extent extent = Extent.NONE;
        for (var property : schema.properties()) {
            String keyword = property.getKey();
            JsonNode value = property.getValue();
            if (SINGLE.contains(keyword) && !value.isArray()) {
                extent = extent.and(unfold(value, depth + 1));
            } else if (MAPS.contains(keyword) || LISTS.contains(keyword) || keyword.equals("items")) {
                extent = extent.and(each(value, depth));
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
        return extent;
    }

    private Extent each(JsonNode children, int depth) {
        Extent extent = Extent.NONE;
        for (JsonNode child : children.values()) {
            extent = extent.and(unfold(child, depth + 1));
        }
        return extent;
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

    /** How many subschemas there are, and how deep they stand. */
    private record Extent(long total, int height) {

        private static final Extent NONE = new Extent(0, 0);
        private static final Extent ONE = new Extent(1, 1);

        Extent and(Extent other) {
            return new Extent(Math.min(total + other.total, MAX_UNFOLDED + 1), Math.max(height, other.height));
        }

        Extent inside() {
            return new Extent(total + 1, height + 1);
        }
    }
}
