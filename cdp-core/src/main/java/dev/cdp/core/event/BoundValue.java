package dev.cdp.core.event;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** What a Java class writes as JSON, as far as it can be told before there is an object. Immutable. */
public final class BoundValue {

    /** Of which nothing is known. */
    static final BoundValue UNKNOWN = new BoundValue("", null, List.of());

    private final String type;
    private final @Nullable BoundValue items;
    private final List<BoundProperty> properties;

    private BoundValue(String type, @Nullable BoundValue items, List<BoundProperty> properties) {
        this.type = type;
        this.items = items;
        this.properties = List.copyOf(properties);
    }

    static BoundValue of(String type) {
        return new BoundValue(type, null, List.of());
    }

    static BoundValue array(BoundValue items) {
        return new BoundValue("array", items, List.of());
    }

    static BoundValue object(List<BoundProperty> properties) {
        return new BoundValue("object", null, properties);
    }

    /** {@code string}, {@code integer}, {@code number}, {@code boolean}, {@code array} or {@code object}; empty where it depends. */
    public String type() {
        return type;
    }

    /** What stands in an array, where that is known. */
    public Optional<BoundValue> items() {
        return Optional.ofNullable(items);
    }

    /** The properties of an object; none where they depend on the object, as a map's do. */
    public List<BoundProperty> properties() {
        return properties;
    }
}
