package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.cdp.core.event.BoundProperty;
import tools.jackson.databind.JsonNode;

/**
 * What a schema says of an object by {@code required}, {@code properties} and {@code additionalProperties: false}:
 * these hold whatever else stands beside them, so a class can be judged by them. Immutable.
 *
 * @param required the properties that every such object has
 * @param properties the declared ones, each with its own shape
 * @param closed whether it may have no others
 */
record ObjectShape(Set<String> required, Map<String, ObjectShape> properties, boolean closed) {

    private static final int MAX_DEPTH = 16;
    private static final ObjectShape ANYTHING = new ObjectShape(Set.of(), Map.of(), false);

    /** {@code resolver} follows {@code $ref}s until a schema without one. */
    static ObjectShape of(JsonNode root, UnaryOperator<JsonNode> resolver) {
        return of(root, resolver, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static ObjectShape of(JsonNode declared, UnaryOperator<JsonNode> resolver, Set<JsonNode> path) {
        JsonNode schema = resolver.apply(declared);
        if (path.size() == MAX_DEPTH || !path.add(schema)) {
            return ANYTHING;
        }
        Set<String> required = new LinkedHashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        Map<String, ObjectShape> properties = new LinkedHashMap<>();
        for (var property : schema.path("properties").properties()) {
            properties.put(property.getKey(), of(property.getValue(), resolver, path));
        }
        JsonNode additional = schema.path("additionalProperties");
        boolean closed = additional.isBoolean() && !additional.asBoolean() && !schema.has("patternProperties");
        path.remove(schema);
        return new ObjectShape(required, properties, closed);
    }

    /** The ways in which every object of these properties would be refused. */
    List<String> mismatches(List<BoundProperty> written) {
        List<String> problems = new ArrayList<>();
        compare(written, "", problems);
        return problems;
    }

    private void compare(List<BoundProperty> written, String path, List<String> problems) {
        Set<String> names = new HashSet<>();
        for (BoundProperty property : written) {
            names.add(property.name());
            ObjectShape shape = properties.get(property.name());
            if (shape != null && !property.properties().isEmpty()) {
                shape.compare(property.properties(), path + "/" + property.name(), problems);
            } else if (shape == null && closed) {
                problems.add(path + "/" + property.name()
                        + ": the schema declares no such property and is closed; it has " + properties.keySet());
            }
        }
        for (String name : required) {
            if (!names.contains(name)) {
                problems.add(path + "/" + name + ": the schema requires it, and the class does not write it");
            }
        }
    }
}
