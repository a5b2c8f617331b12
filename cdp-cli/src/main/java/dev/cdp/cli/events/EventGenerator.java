package dev.cdp.cli.events;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import org.jspecify.annotations.Nullable;

/**
 * An endless run of a catalog's events, in the order in which they arrive: few people do most, by day more than by night,
 * and some events arrive late. The same seed and times give the same events. For one thread.
 */
final class EventGenerator {

    private static final int PEOPLE = 50_000;
    private static final int TRIES = 50;
    /** Seen happens more often than done. */
    private static final Pattern SEEN =
            Pattern.compile(".*_(viewed|shown|loaded|started|read|held|watched|liked|joined)");

    private final List<EventDefinition> mix = new ArrayList<>();
    private final Map<EventDefinition, PayloadMaker> makers = new HashMap<>();
    private final Map<EventDefinition, String> timePointers = new HashMap<>();
    private final EventValidator validator;
    private final Chance chance;

    EventGenerator(List<EventDefinition> events, EventValidator validator, long seed) {
        this.validator = validator;
        this.chance = new Chance(seed);
        for (EventDefinition event : events) {
            int weight = SEEN.matcher(event.name()).matches()
                    ? 20
                    : 1 + Chance.of(seed, event.name()).below(4);
            for (int i = 0; i < weight; i++) {
                mix.add(event);
            }
            PayloadMaker maker = new PayloadMaker(event.schema(), seed);
            makers.put(event, maker);
            timePointers.put(event, timePointer(event, maker));
        }
    }

    /**
     * The next event; its schema accepts it.
     *
     * @param arrival when it comes; it happened then, or before
     */
    Generated next(Instant arrival) {
        EventDefinition event = mix.get(chance.below(mix.size()));
        Instant time = arrival.minus(lateness()).truncatedTo(ChronoUnit.MILLIS);
        Persona persona = persona(time);
        PayloadMaker maker = Objects.requireNonNull(makers.get(event));
        String own = Objects.requireNonNull(timePointers.get(event));
        ValidationReport report = ValidationReport.ok();
        for (int i = 0; i < TRIES; i++) {
            byte[] payload = maker.make(
                    persona,
                    chance,
                    (pointer, name) ->
                            pointer.isEmpty() || pointer.equals(own) ? time : PayloadMaker.near(time, name, chance));
            report = validator.validate(event.name(), payload);
            if (report.valid()) {
                return new Generated(event, time, chance.bits(), payload);
            }
        }
        throw new UnusableException("no event '" + event.name()
                + "' could be made that its schema accepts; the last one" + " was refused: " + report);
    }

    /** Most events arrive at once, some when a phone is back in the network. */
    private Duration lateness() {
        double luck = chance.fraction();
        long most = luck < 0.9 ? 3_000 : luck < 0.98 ? 600_000 : 172_800_000;
        return Duration.ofMillis((long) (chance.fraction() * most));
    }

    private Persona persona(Instant time) {
        while (true) {
            Persona persona = Persona.of(chance.zipf(PEOPLE));
            if (chance.happens(persona.awake(time))) {
                return persona;
            }
        }
    }

    /** The field that the catalog reads an event's time from, found by trying: each gets another time. */
    private static String timePointer(EventDefinition event, PayloadMaker maker) {
        Map<Instant, String> given = new HashMap<>();
        Instant first = Instant.parse("2026-01-01T00:00:00Z");
        byte[] payload = maker.make(Persona.of(0), new Chance(1), (pointer, name) -> {
            Instant time = first.plusSeconds(given.size());
            given.put(time, pointer);
            return time;
        });
        @Nullable String pointer = event.fields(payload).time().map(given::get).orElse(null);
        return pointer == null ? "" : pointer;
    }

    /**
     * An event.
     *
     * @param id what its id is made of
     */
    record Generated(EventDefinition event, Instant time, long id, byte[] payload) {}
}
