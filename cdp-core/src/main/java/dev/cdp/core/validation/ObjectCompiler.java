package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.validation.SchemaCompiler.MalformedKeyword;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Compiles what one schema says about objects. Used by one thread, for one schema. */
final class ObjectCompiler {

    private static final int MAX_PATTERNS = 16;
    private static final JsonNode NONE = JsonNodeFactory.instance.objectNode();

    private final SchemaCompiler schemas;
    private final JsonNode schema;
    private final List<OtherProperties.Matching> patterns = new ArrayList<>();
    private final Map<String, Integer> positions = new LinkedHashMap<>();

    ObjectCompiler(SchemaCompiler schemas, JsonNode schema) {
        this.schemas = schemas;
        this.schema = schema;
    }

    /** {@code fields} are those whose places the check keeps. */
    Check compile(@Nullable FieldTree fields) {
        int min = TypeCompiler.count(schema, "minProperties", 0);
        int max = TypeCompiler.count(schema, "maxProperties", Integer.MAX_VALUE);
        Set<String> required = strings(schema.get("required"));
        compilePatterns();
        JsonNode additional = schema.get("additionalProperties");
        Check additionalCheck = additional == null ? AnyCheck.INSTANCE : schemas.compile(additional);
        for (String name : namesInOrder(required, fields)) {
            positions.put(name, positions.size());
        }
        List<PropertyCheck> properties = new ArrayList<>();
        positions.forEach((name, position) -> {
            FieldTree field = fields == null ? null : fields.child(name);
            Check value = compileProperty(name, additionalCheck, field);
            properties.add(new PropertyCheck(name, position, value, place(fields, field)));
        });
        JsonNode propertyNames = schema.get("propertyNames");
        Check keys = propertyNames == null ? AnyCheck.INSTANCE : schemas.compile(propertyNames);
        List<ObjectCheck.Dependency> dependencies = compileDependencies();
        if (!required.stream().allMatch(name -> bit(name) != 0)
                || dependencies.stream().anyMatch(d -> d.trigger() == 0)) {
            return schemas.unknown();
        }
        boolean any = fields == null
                && min == 0
                && max == Integer.MAX_VALUE
                && patterns.isEmpty()
                && properties.isEmpty()
                && additionalCheck == AnyCheck.INSTANCE
                && keys == AnyCheck.INSTANCE;
        if (any) {
            return AnyCheck.OBJECT;
        }
        return new ObjectCheck(
                new PropertyTable(properties, List.copyOf(positions.keySet())),
                required.stream().mapToLong(this::bit).reduce(0, (a, b) -> a | b),
                min,
                max,
                new OtherProperties(patterns, additionalCheck),
                keys == AnyCheck.INSTANCE ? null : keys,
                dependencies,
                fields == null ? ObjectCheck.Strays.OF_NO_INTEREST : ObjectCheck.Strays.NOTED);
    }

    private static int place(@Nullable FieldTree fields, @Nullable FieldTree field) {
        if (fields == null) {
            return PropertyCheck.NOWHERE;
        }
        return field == null ? PropertyCheck.STRAY : field.inner() ? PropertyCheck.INNER : field.find();
    }

    /** The names in the schema's order; if they are more than there are bits, those that need one come first. */
    private Set<String> namesInOrder(Set<String> required, @Nullable FieldTree fields) {
        Set<String> needed = new LinkedHashSet<>(required);
        for (String keyword : List.of("dependentRequired", "dependentSchemas", "dependencies")) {
            for (Map.Entry<String, JsonNode> entry : object(keyword).properties()) {
                needed.add(entry.getKey());
                if (entry.getValue().isArray()) {
                    needed.addAll(strings(entry.getValue()));
                }
            }
        }
        Set<String> names = new LinkedHashSet<>(object("properties").propertyNames());
        names.addAll(needed);
        if (fields != null) {
            fields.names().forEach(names::add);
        }
        if (names.size() > Long.SIZE) {
            needed.addAll(names);
            return needed;
        }
        return names;
    }

    private void compilePatterns() {
        for (Map.Entry<String, JsonNode> entry : object("patternProperties").properties()) {
            TextCheck key = BytePattern.compile(entry.getKey()).orElseGet(schemas::unknownText);
            patterns.add(new OtherProperties.Matching(key, schemas.compile(entry.getValue())));
        }
        if (patterns.size() > MAX_PATTERNS) {
            throw new MalformedKeyword();
        }
    }

    private Check compileProperty(String name, Check additional, @Nullable FieldTree field) {
        FieldTree inside = field != null && field.inner() ? field : null;
        List<Check> all = new ArrayList<>();
        JsonNode own = object("properties").get(name);
        if (own != null) {
            all.add(schemas.compile(own, inside));
        }
        byte[] key = Names.padded(name);
        for (OtherProperties.Matching pattern : patterns) {
            int verdict = pattern.key().test(key, 0, key.length - Long.BYTES);
            if (verdict == Check.UNSURE) {
                return schemas.unknown();
            }
            if (verdict == TextCheck.VALID) {
                all.add(pattern.value());
            }
        }
        if (all.isEmpty()) {
            if (field != null && additional == Check.Never.INSTANCE) {
                field.never();
            }
            return additional == AnyCheck.INSTANCE && inside != null
                    ? schemas.compile(JsonNodeFactory.instance.booleanNode(true), inside)
                    : additional;
        }
        return all.size() == 1 ? all.get(0) : new InPlaceCheck.All(all.get(0), all.subList(1, all.size()));
    }

    private List<ObjectCheck.Dependency> compileDependencies() {
        List<ObjectCheck.Dependency> dependencies = new ArrayList<>();
        for (String keyword : List.of("dependentRequired", "dependentSchemas", "dependencies")) {
            for (Map.Entry<String, JsonNode> entry : object(keyword).properties()) {
                JsonNode value = entry.getValue();
                long trigger = bit(entry.getKey());
                if (keyword.equals("dependentRequired") && !value.isArray()) {
                    throw new MalformedKeyword();
                }
                if (value.isArray()) {
                    Set<String> names = strings(value);
                    boolean known = names.stream().allMatch(name -> bit(name) != 0);
                    long required = names.stream().mapToLong(this::bit).reduce(0, (a, b) -> a | b);
                    dependencies.add(new ObjectCheck.Dependency(known ? trigger : 0, required, null));
                } else {
                    dependencies.add(new ObjectCheck.Dependency(trigger, 0, schemas.compile(value)));
                }
            }
        }
        return dependencies;
    }

    private long bit(String name) {
        int position = positions.getOrDefault(name, Long.SIZE);
        return position < Long.SIZE ? 1L << position : 0;
    }

    private JsonNode object(String keyword) {
        JsonNode value = schema.get(keyword);
        if (value != null && !value.isObject()) {
            throw new MalformedKeyword();
        }
        return value == null ? NONE : value;
    }

    private static Set<String> strings(@Nullable JsonNode list) {
        Set<String> strings = new LinkedHashSet<>();
        if (list == null) {
            return strings;
        }
        if (!list.isArray()) {
            throw new MalformedKeyword();
        }
        for (JsonNode element : list) {
            if (!element.isString()) {
                throw new MalformedKeyword();
            }
            strings.add(element.asString());
        }
        return strings;
    }
}
