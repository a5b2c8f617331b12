package dev.cdp.core.catalog;

import java.util.List;

/** Looks at the events that share a topic: whether all of them can be told by their payload, or none. */
final class TopicLint {

    private final Catalog catalog;
    private final CatalogLinter linter;

    TopicLint(Catalog catalog, CatalogLinter linter) {
        this.catalog = catalog;
        this.linter = linter;
    }

    void check() {
        for (String topic : catalog.topics()) {
            List<EventDefinition> events = catalog.eventsOn(topic);
            boolean some =
                    events.stream().anyMatch(event -> event.discriminator().isPresent());
            for (EventDefinition event : events) {
                if (some && event.discriminator().isEmpty()) {
                    linter.add(
                            LintRule.DISCRIMINATOR_PARTIAL,
                            List.of("events", event.name()),
                            "has no discriminator, and others on topic " + topic
                                    + " have one; a record of it without a ce_type header is dead-lettered");
                }
            }
        }
    }
}
