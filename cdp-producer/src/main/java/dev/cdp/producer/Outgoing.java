package dev.cdp.producer;

import java.util.Objects;

import dev.cdp.core.catalog.EventDefinition;

/**
 * An event on its way out, before it is encoded. Immutable.
 *
 * @param event what the catalog says about it
 * @param payload an object of the publisher's class, or {@code byte[]} of JSON
 * @param options what the caller said of it
 */
public record Outgoing(EventDefinition event, Object payload, PublishOptions options) {

    /** Checks for nulls. */
    public Outgoing {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(options, "options");
    }

    /** The same event with another payload, which has to be of the publisher's class. */
    public Outgoing withPayload(Object other) {
        return new Outgoing(event, other, options);
    }

    /** The same event with other options. */
    public Outgoing withOptions(PublishOptions other) {
        return new Outgoing(event, payload, other);
    }

    /** Names the event and leaves its payload out. */
    @Override
    public String toString() {
        return "Outgoing[" + event.name() + "]";
    }
}
