package dev.cdp.core.catalog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** The events on one topic, and how they are told from each other by the payload alone. Immutable. */
final class TopicEvents {

    static final TopicEvents NONE = new TopicEvents(List.of());

    private final List<EventDefinition> events;
    private final Map<String, EventDefinition> byValue = new HashMap<>();
    private final @Nullable PayloadReader reader;

    /** The catalog has seen to it that the discriminators of one topic agree on their field. */
    TopicEvents(List<EventDefinition> events) {
        this.events = List.copyOf(events);
        String field = null;
        for (EventDefinition event : events) {
            Discriminator discriminator = event.discriminator().orElse(null);
            if (discriminator != null) {
                field = discriminator.field();
                byValue.put(discriminator.value(), event);
            }
        }
        this.reader = field == null ? null : new PayloadReader(field);
    }

    List<EventDefinition> events() {
        return events;
    }

    /** The only event there is, or the one whose discriminator the payload carries. */
    Optional<EventDefinition> of(byte[] payload) {
        if (reader == null) {
            return events.size() == 1 ? Optional.of(events.get(0)) : Optional.empty();
        }
        String value = reader.read(payload, 1)[0];
        return value == null ? Optional.empty() : Optional.ofNullable(byValue.get(value));
    }
}
