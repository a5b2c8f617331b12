package dev.cdp.consumer.dlq;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;

/**
 * Which dead letter topic takes the records of which source topic: the one that the catalog gives to the event, and for
 * a record whose event is unknown the one that all events of its topic agree on, else {@code dlq.<topic>}. Immutable.
 */
public final class DeadLetterRoutes {

    private final Catalog catalog;
    private final Map<String, Set<String>> bySource = new LinkedHashMap<>();
    private final Map<String, String> unknown = new LinkedHashMap<>();

    /** The routes for what is read from those topics. */
    public DeadLetterRoutes(Catalog catalog, Collection<String> sources) {
        this.catalog = catalog;
        for (String source : sources) {
            Set<String> letters = new LinkedHashSet<>();
            catalog.eventsOn(source).forEach(event -> letters.add(event.deadLetterTopic()));
            String ofUnknown = letters.size() == 1 ? letters.iterator().next() : "dlq." + source;
            letters.add(ofUnknown);
            bySource.put(source, letters);
            unknown.put(source, ofUnknown);
        }
    }

    /** Every topic that a dead letter may go to, each with a source topic that it takes records of. */
    public Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        bySource.forEach((source, letters) -> letters.forEach(letter -> all.putIfAbsent(letter, source)));
        return all;
    }

    /** Whether a dead letter of a source topic may be in that dead letter topic. */
    public static boolean leads(Catalog catalog, String source, String deadLetterTopic) {
        return new DeadLetterRoutes(catalog, Set.of(source)).all().containsKey(deadLetterTopic);
    }

    /**
     * The dead letter topic of a record.
     *
     * @param source the topic that it was read from
     * @param event the event's name, else empty
     */
    public String route(String source, String event) {
        String ofEvent =
                catalog.event(event).map(EventDefinition::deadLetterTopic).orElse("");
        // An event that strays onto another event's topic stays with the topics that were checked at start.
        return bySource.getOrDefault(source, Set.copyOf(List.of())).contains(ofEvent)
                ? ofEvent
                : unknown.getOrDefault(source, "dlq." + source);
    }
}
