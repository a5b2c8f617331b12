package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Which fields are tagged {@code x-pii}: the schema as a graph in which a pointer is followed, so that recursive
 * schemas and arrays have their answer too. Every branch counts, whether a payload takes it or not. Immutable.
 */
final class PersonalFields {

    private static final PersonalFields NONE = new PersonalFields(new Step());
    private static final Set<String> IN_PLACE_LISTS = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> IN_PLACE = Set.of("if", "then", "else", "not");
    private static final Set<String> IN_PLACE_MAPS = Set.of("dependentSchemas", "dependencies");
    private static final Set<String> ANY = Set.of(
            "items",
            "prefixItems",
            "additionalItems",
            "contains",
            "unevaluatedItems",
            "additionalProperties",
            "unevaluatedProperties");

    private final Step root;

    private PersonalFields(Step root) {
        this.root = root;
    }

    static PersonalFields of(SchemaDocuments documents, JsonNode root) {
        boolean none = documents.texts().values().stream().noneMatch(text -> text.contains("x-pii"));
        return none ? NONE : new PersonalFields(new Graph(documents).step(root));
    }

    boolean contains(String pointer) {
        Set<Step> here = closure(List.of(root));
        int from = 0;
        while (true) {
            if (here.stream().anyMatch(step -> step.personal)) {
                return true;
            }
            if (from >= pointer.length() || here.isEmpty()) {
                return false;
            }
            int to = pointer.indexOf('/', from + 1);
            int end = to < 0 ? pointer.length() : to;
            String name = pointer.substring(from + 1, end).replace("~1", "/").replace("~0", "~");
            List<Step> next = new ArrayList<>();
            for (Step step : here) {
                Step named = step.properties.get(name);
                if (named != null) {
                    next.add(named);
                }
                next.addAll(step.any);
            }
            here = closure(next);
            from = end;
        }
    }

    private static Set<Step> closure(List<Step> from) {
        Set<Step> closure = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Step> open = new ArrayList<>(from);
        while (!open.isEmpty()) {
            Step step = open.remove(open.size() - 1);
            if (closure.add(step)) {
                open.addAll(step.inPlace);
            }
        }
        return closure;
    }

    /** One schema: what it says of the value itself, of its properties, and of whatever else it holds. */
    private static final class Step {

        private final Map<String, Step> properties = new HashMap<>();
        private final List<Step> any = new ArrayList<>();
        private final List<Step> inPlace = new ArrayList<>();
        private boolean personal;
    }

    /** Makes one step of each schema, however often it is referred to. */
    private static final class Graph {

        private final SchemaDocuments documents;
        private final IdentityHashMap<JsonNode, Step> steps = new IdentityHashMap<>();

        private Graph(SchemaDocuments documents) {
            this.documents = documents;
        }

        private Step step(JsonNode schema) {
            Step known = steps.get(schema);
            if (known != null) {
                return known;
            }
            Step step = new Step();
            steps.put(schema, step);
            step.personal = schema.path("x-pii").asBoolean(false);
            JsonNode target = schema.path("$ref").isString() ? documents.target(schema) : null;
            if (target != null) {
                step.inPlace.add(step(target));
            }
            for (var entry : schema.properties()) {
                String keyword = entry.getKey();
                JsonNode value = entry.getValue();
                if (keyword.equals("properties")) {
                    value.properties().forEach(p -> step.properties.put(p.getKey(), step(p.getValue())));
                } else if (keyword.equals("patternProperties")) {
                    value.forEach(child -> step.any.add(step(child)));
                } else if (IN_PLACE_LISTS.contains(keyword) || IN_PLACE_MAPS.contains(keyword)) {
                    value.forEach(child -> step.inPlace.add(step(child)));
                } else if (IN_PLACE.contains(keyword)) {
                    step.inPlace.add(step(value));
                } else if (ANY.contains(keyword)) {
                    List<JsonNode> children = value.isArray() ? List.copyOf(value.values()) : List.of(value);
                    children.forEach(child -> step.any.add(step(child)));
                }
            }
            return step;
        }
    }
}
