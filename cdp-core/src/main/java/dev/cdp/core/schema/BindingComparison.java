package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cdp.core.event.BoundProperty;
import dev.cdp.core.event.BoundValue;
import dev.cdp.core.schema.ValueShape.Property;

/** Compares what a class writes with what a schema says of it. Of one thread. */
final class BindingComparison {

    private static final int MAX_LISTED = 20;

    private final List<String> problems = new ArrayList<>();

    List<String> mismatches(BoundValue written, ValueShape shape) {
        compare(written, shape, "");
        return problems;
    }

    private void compare(BoundValue written, ValueShape shape, String path) {
        if (!written.type().isEmpty()) {
            Set<JsonKind> kinds = JsonKind.none();
            kinds.addAll(shape.kinds());
            kinds.remove(JsonKind.NULL); // an absent value is left out, whatever its type
            if (!kinds.containsAll(kinds(written))) {
                problems.add((path.isEmpty() ? "payload" : path) + ": the class writes " + word(written.type())
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
            if (property.required() && !names.contains(property.name())) {
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
