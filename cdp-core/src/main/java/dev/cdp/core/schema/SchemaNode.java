package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/**
 * One schema inside a document, seen by its draft: keywords that the draft does not have, and what stands beside a
 * {@code $ref} in draft-07, are not there. Two are equal when they are the same place.
 */
final class SchemaNode {

    /** Keywords that say something of a value, in either draft. */
    static final Set<String> ASSERTIONS = Set.of(
            "$ref",
            "type",
            "enum",
            "const",
            "multipleOf",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "format",
            "prefixItems",
            "items",
            "additionalItems",
            "maxItems",
            "minItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "maxProperties",
            "minProperties",
            "required",
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "dependencies",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedItems",
            "unevaluatedProperties",
            "contentEncoding",
            "contentMediaType",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else");

    private static final Set<String> NOT_IN_DRAFT_7 = Set.of(
            "prefixItems",
            "minContains",
            "maxContains",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedItems",
            "unevaluatedProperties");
    private static final Set<String> NOT_IN_2020_12 = Set.of("dependencies", "additionalItems");

    private final SchemaGraph graph;
    private final JsonNode node;

    SchemaNode(SchemaGraph graph, JsonNode node) {
        this.graph = graph;
        this.node = node;
    }

    /** The schema that allows everything, or nothing. */
    private SchemaNode all(boolean allowed) {
        return new SchemaNode(graph, BooleanNode.valueOf(allowed));
    }

    /** The schema of one value. */
    SchemaNode constant(JsonNode value) {
        return new SchemaNode(graph, JsonNodeFactory.instance.objectNode().set("const", value));
    }

    /** The schema of every value of one kind; a fraction's is that of all numbers. */
    SchemaNode ofKind(JsonKind kind) {
        return new SchemaNode(graph, JsonNodeFactory.instance.objectNode().put("type", kind.type()));
    }

    JsonNode node() {
        return node;
    }

    /** Where it stands, as {@code file#/pointer}. */
    String place() {
        return graph.place(node);
    }

    Dialect dialect() {
        return graph.dialect();
    }

    boolean allowsAll() {
        return node.isBoolean()
                ? node.asBoolean()
                : node.isObject() && keywords().isEmpty();
    }

    boolean allowsNothing() {
        return node.isBoolean() && !node.asBoolean();
    }

    /** The keywords that say something of a value, in the document's order. */
    Set<String> keywords() {
        Set<String> names = new LinkedHashSet<>();
        for (var property : node.properties()) {
            if (ASSERTIONS.contains(property.getKey())
                    && !get(property.getKey()).isMissingNode()) {
                names.add(property.getKey());
            }
        }
        return names;
    }

    /** A keyword's value; missing where the draft does not look at it. */
    JsonNode get(String keyword) {
        boolean hidden = dialect() == Dialect.DRAFT_7
                ? NOT_IN_DRAFT_7.contains(keyword) || (node.path("$ref").isString() && !keyword.equals("$ref"))
                : NOT_IN_2020_12.contains(keyword);
        return hidden ? MissingNode.getInstance() : node.path(keyword);
    }

    boolean has(String keyword) {
        return !get(keyword).isMissingNode();
    }

    Optional<SchemaNode> reference() {
        return get("$ref").isString() ? graph.target(node) : Optional.empty();
    }

    /** The schema under a keyword, or the one that allows everything. */
    SchemaNode child(String keyword) {
        JsonNode child = get(keyword);
        return isSchema(child) ? of(child) : all(true);
    }

    List<SchemaNode> list(String keyword) {
        List<SchemaNode> list = new ArrayList<>();
        if (get(keyword).isArray()) {
            get(keyword).forEach(child -> list.add(of(child)));
        }
        return list;
    }

    Map<String, SchemaNode> map(String keyword) {
        Map<String, SchemaNode> map = new LinkedHashMap<>();
        for (var property : get(keyword).properties()) {
            map.put(property.getKey(), of(property.getValue()));
        }
        return map;
    }

    Set<String> names(String keyword) {
        Set<String> names = new LinkedHashSet<>();
        get(keyword).forEach(name -> names.add(name.asString("")));
        return names;
    }

    /** The kinds of values that {@code type}, {@code enum} and {@code const} leave. */
    Set<JsonKind> kinds() {
        if (allowsNothing()) {
            return JsonKind.none();
        }
        Set<JsonKind> kinds = has("type") ? JsonKind.named(get("type")) : JsonKind.all();
        List<JsonNode> values = values();
        if (values != null) {
            Set<JsonKind> found = JsonKind.none();
            values.forEach(value -> found.add(JsonKind.of(value)));
            kinds.retainAll(found);
        }
        return kinds;
    }

    /** The values that {@code enum} and {@code const} leave, or null if neither stands here. */
    @Nullable
    List<JsonNode> values() {
        if (has("const")) {
            return List.of(get("const"));
        }
        return get("enum").isArray() ? new ArrayList<>(get("enum").values()) : null;
    }

    /** The schemas of the first items, each its own. */
    List<SchemaNode> firstItems() {
        if (dialect() == Dialect.DRAFT_2020_12) {
            return list("prefixItems");
        }
        return list("items");
    }

    /** The schema of every item after the first ones. */
    SchemaNode otherItems() {
        if (dialect() == Dialect.DRAFT_7 && get("items").isArray()) {
            return child("additionalItems");
        }
        return child("items");
    }

    /** What a property of that name must satisfy. */
    List<SchemaNode> property(String name) {
        List<SchemaNode> schemas = new ArrayList<>();
        Map<String, SchemaNode> declared = map("properties");
        if (declared.containsKey(name)) {
            schemas.add(Objects.requireNonNull(declared.get(name)));
        }
        map("patternProperties").forEach((pattern, schema) -> {
            if (SchemaPatterns.find(pattern, name)) {
                schemas.add(schema);
            }
        });
        if (schemas.isEmpty()) {
            schemas.add(child("additionalProperties"));
        }
        return schemas;
    }

    /** The schemas of which one at least holds for a property that {@code properties} does not name. */
    List<SchemaNode> otherProperties() {
        List<SchemaNode> schemas = new ArrayList<>(map("patternProperties").values());
        schemas.add(child("additionalProperties"));
        return schemas;
    }

    /** Whether, as a schema of names, it surely allows a name. */
    boolean allowsName(String name) {
        return ConstantCheck.check(StringNode.valueOf(name), this) == ConstantCheck.Verdict.VALID;
    }

    private SchemaNode of(JsonNode child) {
        return new SchemaNode(graph, child);
    }

    private static boolean isSchema(JsonNode node) {
        return node.isObject() || node.isBoolean();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same place, not the same text: a $ref means something else elsewhere
    public boolean equals(@Nullable Object other) {
        return other instanceof SchemaNode that && that.node == node && that.graph == graph;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(node);
    }
}
