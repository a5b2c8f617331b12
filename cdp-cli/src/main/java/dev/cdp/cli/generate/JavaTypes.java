package dev.cdp.cli.generate;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.schema.JsonKind;
import dev.cdp.core.schema.ValueShape;
import org.jspecify.annotations.Nullable;

/**
 * The types that a catalog's events become, each with its name: an event's record, what stands in files that several
 * events may share, and inside those whatever is written in place. Of one thread.
 */
final class JavaTypes {

    /** More constants than this make no enum; javac has a limit too. */
    private static final int MAX_CONSTANTS = 1_000;

    private final JavaNames names = new JavaNames();
    private final Map<String, String> byPlace = new HashMap<>();
    private final Map<EventDefinition, Type> events = new LinkedHashMap<>();
    private final Map<String, Type> shared = new LinkedHashMap<>();
    private final Set<String> ownDocuments = new HashSet<>();

    JavaTypes(Collection<EventDefinition> definitions) {
        Map<EventDefinition, ValueShape> shapes = new LinkedHashMap<>();
        for (EventDefinition event : definitions) {
            ValueShape shape = event.schema().shape();
            if (declaresProperties(shape)) {
                shapes.put(event, shape);
                ownDocuments.add(document(shape));
            }
        }
        shapes.forEach((event, shape) -> {
            Type type = new Type(names.type(event.name(), "Event"), shape);
            events.put(event, type);
            byPlace.putIfAbsent(shape.place(), type.name());
        });
        Set<String> seen = new HashSet<>();
        shapes.values().forEach(shape -> share(shape, seen));
    }

    /** The records of events, in the catalog's order; those whose payload declares nothing have none. */
    Map<EventDefinition, Type> events() {
        return events;
    }

    /** What events share. */
    Collection<Type> shared() {
        return shared.values();
    }

    /** Names for what stands inside one of these types. */
    JavaNames namesInside() {
        return names.inside();
    }

    /** The name that a place's type goes by in the whole package, or null while it has none. */
    @Nullable
    String nameOf(ValueShape shape) {
        return byPlace.get(shape.place());
    }

    void name(ValueShape shape, String name) {
        byPlace.put(shape.place(), name);
    }

    /** Whether values of a shape have a type of their own. */
    static boolean isType(ValueShape shape) {
        return declaresProperties(shape) || isEnum(shape);
    }

    static boolean isEnum(ValueShape shape) {
        int constants = shape.texts().size();
        return shape.only(JsonKind.STRING) && constants > 0 && constants <= MAX_CONSTANTS;
    }

    private static boolean declaresProperties(ValueShape shape) {
        return shape.only(JsonKind.OBJECT) && !shape.properties().isEmpty();
    }

    private void share(ValueShape root, Set<String> seen) {
        Deque<ValueShape> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            ValueShape shape = open.removeFirst();
            if (seen.add(shape.place())) {
                if (isShared(shape) && isType(shape)) {
                    String name = names.type(lastName(shape), "Type");
                    shared.put(shape.place(), new Type(name, shape));
                    byPlace.put(shape.place(), name);
                }
                shape.properties().forEach(property -> open.add(property.shape()));
                shape.items().ifPresent(open::add);
                shape.otherProperties().ifPresent(open::add);
            }
        }
    }

    private boolean isShared(ValueShape shape) {
        return !byPlace.containsKey(shape.place())
                && !ownDocuments.contains(document(shape))
                && (pointer(shape).isEmpty() || isDefinition(shape));
    }

    /** Whether a shape has a name in its document. */
    static boolean isDefinition(ValueShape shape) {
        return pointer(shape).matches("(.*/)?(\\$defs|definitions)/[^/]+");
    }

    /** The name of a definition, or of the document that is one. */
    static String lastName(ValueShape shape) {
        if (isDefinition(shape)) {
            String last = pointer(shape).substring(pointer(shape).lastIndexOf('/') + 1);
            return last.replace("~1", "/").replace("~0", "~");
        }
        String file = document(shape).substring(document(shape).lastIndexOf('/') + 1);
        return file.replaceFirst("(\\.[0-9]+)?\\.[a-z]+$", "");
    }

    private static String document(ValueShape shape) {
        return shape.place().substring(0, shape.place().indexOf('#'));
    }

    private static String pointer(ValueShape shape) {
        return shape.place().substring(shape.place().indexOf('#') + 1);
    }

    /** A type in a file of its own. */
    record Type(String name, ValueShape shape) {

        Type {
            Objects.requireNonNull(shape);
        }
    }
}
