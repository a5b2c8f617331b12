package dev.cdp.example.social;

import java.time.Instant;
import java.util.UUID;

/** One visit of a person, which moves on with every event. For one thread. */
final class Visit {

    private static final long LONGEST_PAUSE_SECONDS = 60;

    private final Dice dice;
    private final Person person;
    private final UUID id;
    private final Instant startedAt;
    private Instant at;
    private int sequence = -1;

    Visit(Dice dice, Person person, Instant startedAt) {
        this.dice = dice;
        this.person = person;
        this.id = dice.uuid();
        this.startedAt = startedAt;
        this.at = startedAt;
    }

    Person person() {
        return person;
    }

    Actor actor() {
        return person.actor();
    }

    /** Whether its next two events might happen after {@code now}. */
    boolean reaches(Instant now) {
        return at.plusSeconds(2 * LONGEST_PAUSE_SECONDS).isAfter(now);
    }

    /** Moves on to the next event and tells when that happens. */
    Instant next() {
        sequence++;
        at = at.plusMillis(dice.longTail(5_000, (int) LONGEST_PAUSE_SECONDS * 1_000));
        return at;
    }

    /** Where the event comes from that {@link #next()} moved on to. */
    Context context(String subject, SubjectType subjectType) {
        Place place = person.place();
        return new Context(
                subject,
                subjectType,
                new Context.Geo(
                        place.country(),
                        place.region(),
                        place.city(),
                        place.zone().getId()),
                person.device(),
                person.app(),
                new Context.Session(id, startedAt, sequence));
    }
}
