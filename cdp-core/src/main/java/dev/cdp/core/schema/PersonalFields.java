package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

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
    private static final Set<String> ANY =
            Set.of("items", "prefixItems", "additionalItems", "contains", "unevaluatedItems", "unevaluatedProperties");
    private static final int MAX_MATCHED = 1_000;

    private final Step root;

    private PersonalFields(Step root) {
        this.root = root;
    }

    static PersonalFields of(SchemaDocuments documents, JsonNode root) {
        boolean none = documents.texts().values().stream().noneMatch(text -> text.contains("x-pii"));
        return none ? NONE : new PersonalFields(new Graph(documents).of(root));
    }

    boolean contains(String pointer) {
        if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
            return false;
        }
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
            here.forEach(step -> step.into(name, next));
            here = closure(next);
            from = end;
        }
    }

    /**
     * How many segments of a pointer may be shown: all, but where one below a tagged field is a name that the schema does not
     * declare, and thus the sender's own, those before it. Of a tagged array's elements the index may be shown.
     */
    int shown(String pointer, IntPredicate isIndex) {
        Set<Step> here = closure(List.of(root));
        boolean inside = false;
        int from = 0;
        int segments = 0;
        while (from < pointer.length()) {
            inside |= here.stream().anyMatch(step -> step.personal);
            int to = pointer.indexOf('/', from + 1);
            int end = to < 0 ? pointer.length() : to;
            String name = pointer.substring(from + 1, end).replace("~1", "/").replace("~0", "~");
            boolean declared = here.stream().anyMatch(step -> step.properties.containsKey(name));
            if (inside && !declared && !isIndex.test(segments)) {
                return segments;
            }
            List<Step> next = new ArrayList<>();
            here.forEach(step -> step.into(name, next));
            here = closure(next);
            from = end;
            segments++;
        }
        return segments;
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
        private final Map<Pattern, Step> patterns = new LinkedHashMap<>();
        private final List<Step> additional = new ArrayList<>();
        private final List<Step> any = new ArrayList<>();
        private final List<Step> inPlace = new ArrayList<>();
        private boolean personal;

        private void into(String name, List<Step> next) {
            next.addAll(any);
            Step named = properties.get(name);
            if (named != null) {
                next.add(named);
            }
            boolean declared = named != null;
            for (var entry : patterns.entrySet()) {
                if (name.length() > MAX_MATCHED || entry.getKey().matcher(name).find()) {
                    next.add(entry.getValue());
                    declared = true;
                }
            }
            if (!declared) {
                next.addAll(additional);
            }
        }
    }

    /** Makes one step of each schema, however often it is referred to. */
    private static final class Graph {

        private final SchemaDocuments documents;
        private final IdentityHashMap<JsonNode, Step> steps = new IdentityHashMap<>();
        private final List<JsonNode> open = new ArrayList<>();

        private Graph(SchemaDocuments documents) {
            this.documents = documents;
        }

        private Step of(JsonNode root) {
            Step first = step(root);
            while (!open.isEmpty()) {
                JsonNode schema = open.remove(open.size() - 1);
                fill(schema, step(schema));
            }
            return first;
        }

        /** The step of a schema; a new one is filled later, so that depth costs no stack. */
        private Step step(JsonNode schema) {
            Step known = steps.get(schema);
            if (known != null) {
                return known;
            }
            Step step = new Step();
            steps.put(schema, step);
            open.add(schema);
            return step;
        }

        private void fill(JsonNode schema, Step step) {
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
                    value.properties().forEach(p -> pattern(step, p.getKey(), step(p.getValue())));
                } else if (keyword.equals("additionalProperties")) {
                    step.additional.add(step(value));
                } else if (IN_PLACE_LISTS.contains(keyword) || IN_PLACE_MAPS.contains(keyword)) {
                    value.forEach(child -> step.inPlace.add(step(child)));
                } else if (IN_PLACE.contains(keyword)) {
                    step.inPlace.add(step(value));
                } else if (ANY.contains(keyword)) {
                    List<JsonNode> children = value.isArray() ? List.copyOf(value.values()) : List.of(value);
                    children.forEach(child -> step.any.add(step(child)));
                }
            }
        }

        /** A pattern that might take long is not asked, and counts for every name. */
        private static void pattern(Step step, String regex, Step inside) {
            if (RegexCost.of(regex) == RegexCost.LINEAR) {
                step.patterns.put(Pattern.compile(regex), inside);
            } else {
                step.any.add(inside);
            }
        }
    }
}
