package dev.cdp.cli.events;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.cdp.cli.events.EventGenerator.Generated;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.validation.EventValidator;

/** Events as a sink takes them, for tests of other commands. */
public final class GeneratedEvents {

    private GeneratedEvents() {}

    /** As many of each event of a catalog, with offsets from 0; the last day before {@code until}. */
    public static List<SinkEvent> of(Catalog catalog, int each, Instant until) {
        EventValidator validator = EventValidator.of(catalog);
        List<SinkEvent> events = new ArrayList<>();
        catalog.events().forEach(event -> {
            EventGenerator generator = new EventGenerator(List.of(event), validator, 7);
            for (int i = 0; i < each; i++) {
                Generated made = generator.next(until.minusSeconds(86_400L * i / each));
                EventAttributes attributes = new EventAttributes(
                        "id-" + events.size(), event.name(), URI.create("//test"), made.time(), null, null);
                events.add(new SinkEvent(events.size(), attributes, event.version(), made.payload()));
            }
        });
        return events;
    }
}
