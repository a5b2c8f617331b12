package dev.cdp.core.event;

import java.util.List;

/**
 * A property that a class writes.
 *
 * @param name its name in JSON
 * @param properties the properties of the object that it holds; none where it holds something else, or where they
 *     depend on the object
 */
public record BoundProperty(String name, List<BoundProperty> properties) {

    /** Copies the list. */
    public BoundProperty {
        properties = List.copyOf(properties);
    }
}
