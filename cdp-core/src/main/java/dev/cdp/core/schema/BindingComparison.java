package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cdp.core.event.BoundProperty;
import dev.cdp.core.event.BoundValue;
import dev.cdp.core.schema.ValueShape.Property;

/** Compares a class with what a schema says of its JSON, for writing or for reading. Of one thread. */
final class BindingComparison {

    /** What the class is used for. */
    enum Use {
        /** Each object has to fit the schema. */
        WRITE,
        /** Each valid payload has to become an object; the class may leave properties out. */
        READ
    }

    private static final int MAX_LISTED = 20;

    private final List<String> problems = new ArrayList<>();
    private final Use use;

    BindingComparison(Use use) {
        this.use = use;
    }

    List<String> mismatches(BoundValue bound, ValueShape shape) {
        compare(bound, shape, "");
        return problems;
    }

    private void compare(BoundValue written, ValueShape shape, String path) {
        if (!written.type().isEmpty()) {
            Set<JsonKind> kinds = JsonKind.none();
            kinds.addAll(shape.kinds());
            kinds.remove(JsonKind.NULL); // an absent value is left out, whatever its type
            if (!fits(written, kinds)) {
                problems.add((path.isEmpty() ? "payload" : path) + ": the class "
                        + (use == Use.WRITE ? "writes " : "reads ") + word(written.type())
                        + ", and the schema has "
                        + (kinds.isEmpty() ? "nothing there" : JsonKind.words(kinds)));
                return;
            }
        }
        if (!written.properties().isEmpty()) {
            object(written.properties(), shape, path);
        }
        written.items().ifPresent(items -> shape.items().ifPresent(item -> compare(items, item, path + "/*")));
    }

    private boolean fits(BoundValue bound, Set<JsonKind> kinds) {
        if (use == Use.WRITE) {
            return kinds.containsAll(kinds(bound));
        }
        boolean untyped = kinds.size() == JsonKind.all().size() - 1; // the schema does not say what stands there
        return untyped || readable(bound.type()).containsAll(kinds);
    }

    /** What Jackson makes a value of such a type of, without a loss. */
    private static Set<JsonKind> readable(String type) {
        return switch (type) {
            case "integer" -> EnumSet.of(JsonKind.INTEGER);
            case "number" -> EnumSet.of(JsonKind.INTEGER, JsonKind.FRACTION);
            case "string" -> EnumSet.of(JsonKind.STRING, JsonKind.INTEGER, JsonKind.FRACTION, JsonKind.BOOLEAN);
            case "boolean" -> EnumSet.of(JsonKind.BOOLEAN);
            case "array" -> EnumSet.of(JsonKind.ARRAY);
            default -> EnumSet.of(JsonKind.OBJECT);
        };
    }

    private static Set<JsonKind> kinds(BoundValue written) {
        Set<JsonKind> kinds = JsonKind.none();
        for (JsonKind kind : JsonKind.values()) {
            if (kind.type().equals(written.type())) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private static String word(String type) {
        return switch (type) {
            case "integer", "array", "object" -> "an " + type;
            default -> "a " + type;
        };
    }

    private void object(List<BoundProperty> written, ValueShape shape, String path) {
        Set<String> names = new HashSet<>();
        for (BoundProperty property : written) {
            names.add(property.name());
            String here = path + "/" + JsonPlace.segment(property.name());
            Property declared = shape.property(property.name());
            if (declared != null) {
                compare(property.value(), declared.shape(), here);
            } else if (!shape.takes(property.name())
                    && (shape.closed() || !shape.properties().isEmpty())) {
                problems.add(here + ": the schema declares no such property" + (shape.closed() ? " and is closed" : "")
                        + "; it has " + listed(shape));
            }
        }
        for (Property property : shape.properties()) {
            if (use == Use.WRITE && property.required() && !names.contains(property.name())) {
                problems.add(path + "/" + JsonPlace.segment(property.name())
                        + ": the schema requires it, and the class does not write it");
            }
        }
    }

    private static String listed(ValueShape shape) {
        List<Property> properties = shape.properties();
        return properties.stream().limit(MAX_LISTED).map(Property::name).collect(Collectors.joining(", ", "[", ""))
                + (properties.size() > MAX_LISTED ? " and " + (properties.size() - MAX_LISTED) + " more]" : "]");
    }
}
