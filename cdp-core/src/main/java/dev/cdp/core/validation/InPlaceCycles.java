package dev.cdp.core.validation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * The search for schemas that apply themselves to the very value that they are applied to, which no validator can
 * answer. Used by one thread, while compiling.
 */
final class InPlaceCycles {

    private static final int MAX_DEPTH = 200;
    private static final Set<String> SAME_VALUE = Set.of("not", "if", "then", "else");
    private static final Set<String> SAME_VALUE_LISTS = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> SAME_VALUE_MAPS = Set.of("dependentSchemas", "dependencies");
    private static final Set<String> NO_SCHEMAS = Set.of("enum", "const", "default", "examples");

    private final SchemaIndex index;
    private final Set<JsonNode> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<JsonNode> done = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<JsonNode> pending = new ArrayDeque<>();

    private InPlaceCycles(SchemaIndex index) {
        this.index = index;
    }

    /** Whether such a schema can be reached from {@code root}, or one that nests too deep to tell. */
    static boolean exist(JsonNode root, SchemaIndex index) {
        InPlaceCycles cycles = new InPlaceCycles(index);
        cycles.pending.add(root);
        while (!cycles.pending.isEmpty()) {
            if (cycles.closes(cycles.pending.removeFirst(), 0)) {
                return true;
            }
        }
        return false;
    }

    private boolean closes(JsonNode schema, int depth) {
        if (!schema.isObject() || done.contains(schema)) {
            return false;
        }
        if (depth > MAX_DEPTH || !open.add(schema)) {
            return true;
        }
        for (JsonNode target : onSameValue(schema)) {
            if (closes(target, depth + 1)) {
                return true;
            }
        }
        open.remove(schema);
        done.add(schema);
        return false;
    }

    /** The schemas that this one applies to its own value; all others below it are looked at later. */
    private List<JsonNode> onSameValue(JsonNode schema) {
        List<JsonNode> targets = new ArrayList<>();
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            String name = keyword.getKey();
            JsonNode value = keyword.getValue();
            boolean list = value.isArray() && SAME_VALUE_LISTS.contains(name);
            if (name.equals("$ref") && value.isString()) {
                index.resolve(schema, value.asString()).ifPresent(targets::add);
            } else if (SAME_VALUE.contains(name)) {
                targets.add(value);
            } else if (list || (value.isObject() && SAME_VALUE_MAPS.contains(name))) {
                value.forEach(targets::add);
            } else if (!NO_SCHEMAS.contains(name)) {
                pending.add(value);
                pending.addAll(value.valueStream().filter(JsonNode::isContainer).toList());
            }
        }
        return targets;
    }
}
