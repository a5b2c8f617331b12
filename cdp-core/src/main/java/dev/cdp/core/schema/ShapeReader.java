package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.schema.ValueShape.Others;
import dev.cdp.core.schema.ValueShape.Property;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the shapes of a schema's values. Of one thread. */
final class ShapeReader {

    private static final List<String> CHOICES = List.of("anyOf", "oneOf");
    private static final int MAX_DIGITS = 40;

    private final Map<SchemaNode, ValueShape> read = new HashMap<>();

    private ShapeReader() {}

    static ValueShape read(SchemaGraph graph) {
        return new ShapeReader().shape(graph.root());
    }

    private ValueShape shape(SchemaNode declared) {
        SchemaNode node = followed(declared);
        ValueShape known = read.get(node);
        if (known != null) {
            return known;
        }
        List<SchemaNode> parts = new ArrayList<>();
        Set<JsonKind> kinds = parts(node, parts);
        ValueShape shape = new ValueShape(node.place(), description(node), kinds);
        read.put(node, shape);
        Set<String> required = new LinkedHashSet<>();
        parts.forEach(part -> required.addAll(part.names("required")));
        for (SchemaNode part : parts) {
            put(part, required, shape);
        }
        for (String name : required) {
            if (shape.property(name) == null) {
                shape.declare(new Property(name, "", true, anything(node)));
            }
        }
        return shape;
    }

    /** The schema that a mere reference means, so that all that refer to it have one shape. */
    private static SchemaNode followed(SchemaNode declared) {
        SchemaNode node = declared;
        while (node.keywords().equals(Set.of("$ref")) && node.reference().isPresent()) {
            node = node.reference().get();
        }
        return node;
    }

    /** Adds all that hold for every value of a schema, and returns the kinds that they leave. */
    private static Set<JsonKind> parts(SchemaNode node, List<SchemaNode> parts) {
        parts.add(node);
        Set<JsonKind> kinds = node.kinds();
        node.reference().ifPresent(target -> kinds.retainAll(parts(target, parts)));
        node.list("allOf").forEach(branch -> kinds.retainAll(parts(branch, parts)));
        for (String choice : CHOICES) {
            if (!node.list(choice).isEmpty()) {
                kinds.retainAll(choice(node.list(choice), parts));
            }
        }
        return kinds;
    }

    /** A choice between something and {@code null} is that something. */
    private static Set<JsonKind> choice(List<SchemaNode> branches, List<SchemaNode> parts) {
        Set<JsonKind> kinds = JsonKind.none();
        List<List<SchemaNode>> something = new ArrayList<>();
        for (SchemaNode branch : branches) {
            List<SchemaNode> own = new ArrayList<>();
            Set<JsonKind> left = parts(branch, own);
            kinds.addAll(left);
            if (!left.equals(Set.of(JsonKind.NULL))) {
                something.add(own);
            }
        }
        if (something.size() == 1) {
            parts.addAll(something.get(0));
        }
        return kinds;
    }

    private void put(SchemaNode part, Set<String> required, ValueShape shape) {
        part.map("properties")
                .forEach((name, schema) ->
                        shape.declare(new Property(name, description(schema), required.contains(name), shape(schema))));
        mention(part, shape);
        others(part, shape);
        if (part.has("items") && part.firstItems().isEmpty()) {
            shape.items(shape(part.otherItems()));
        }
        List<JsonNode> values = part.values();
        if (values != null) {
            shape.texts(values.stream()
                    .filter(JsonNode::isString)
                    .map(JsonNode::asString)
                    .distinct()
                    .toList());
        }
        shape.format(part.get("format").asString(""));
        bounds(part, shape);
    }

    private void others(SchemaNode part, ValueShape shape) {
        JsonNode additional = part.get("additionalProperties");
        if (part.has("patternProperties") || (additional.isBoolean() && additional.asBoolean())) {
            shape.others(Others.TAKEN, null);
        } else if (additional.isObject()) {
            shape.others(Others.TAKEN, shape(part.child("additionalProperties")));
        } else if (additional.isBoolean()) {
            shape.others(Others.REFUSED, null);
        }
    }

    /** What a branch names is declared, whether a payload takes that branch or not. */
    private static void mention(SchemaNode part, ValueShape shape) {
        Set<String> names = new LinkedHashSet<>();
        Set<SchemaNode> seen = new HashSet<>();
        branches(part).forEach(branch -> mention(branch, names, seen, shape));
        shape.mention(names);
    }

    private static void mention(SchemaNode branch, Set<String> names, Set<SchemaNode> seen, ValueShape shape) {
        if (seen.add(branch)) {
            names.addAll(branch.map("properties").keySet());
            if (branch.has("patternProperties")
                    || branch.get("additionalProperties").isObject()) {
                shape.others(Others.TAKEN, null);
            }
            branch.reference().ifPresent(target -> mention(target, names, seen, shape));
            branches(branch).forEach(inner -> mention(inner, names, seen, shape));
        }
    }

    private static List<SchemaNode> branches(SchemaNode node) {
        List<SchemaNode> branches = new ArrayList<>();
        for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
            branches.addAll(node.list(keyword));
        }
        for (String keyword : List.of("if", "then", "else")) {
            branches.add(node.child(keyword));
        }
        branches.addAll(node.map("dependentSchemas").values());
        return branches;
    }

    private static void bounds(SchemaNode part, ValueShape shape) {
        whole(part.get("minimum"), RoundingMode.CEILING, shape::atLeast);
        whole(part.get("exclusiveMinimum"), RoundingMode.FLOOR, low -> shape.atLeast(low.add(BigInteger.ONE)));
        whole(part.get("maximum"), RoundingMode.FLOOR, shape::atMost);
        whole(part.get("exclusiveMaximum"), RoundingMode.CEILING, high -> shape.atMost(high.subtract(BigInteger.ONE)));
        JsonNode step = part.get("multipleOf");
        boolean cents =
                step.isNumber() && step.decimalValue().stripTrailingZeros().scale() > 0;
        if (cents) {
            shape.asDecimal();
        }
    }

    private static void whole(JsonNode bound, RoundingMode rounding, java.util.function.Consumer<BigInteger> taker) {
        if (bound.isNumber()) {
            BigDecimal exact = bound.decimalValue();
            if (Math.abs(exact.precision() - (long) exact.scale()) <= MAX_DIGITS) {
                taker.accept(exact.setScale(0, rounding).toBigInteger());
            }
        }
    }

    private static ValueShape anything(SchemaNode node) {
        return new ValueShape(node.place(), "", JsonKind.all());
    }

    private static String description(@Nullable SchemaNode declared) {
        SchemaNode node = declared;
        while (node != null) {
            String description = node.node().path("description").asString("").strip();
            if (!description.isEmpty()) {
                return description;
            }
            node = node.reference().orElse(null);
        }
        return "";
    }
}
