package dev.cdp.example.social;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The people of the network and their visits: a few are here all day, most now and then, and more by day than by night.
 * For one thread.
 */
final class Crowd {

    private static final int PEOPLE = 5_000;
    private static final Duration LONGEST_AGO = Duration.ofHours(70);

    private final long seed;
    private final Dice dice;
    private final Instant now;
    private final Map<Integer, Visit> visits = new HashMap<>();

    Crowd(long seed, Dice dice, Instant now) {
        this.seed = seed;
        this.dice = dice;
        this.now = now;
    }

    /** The visit of anybody. */
    Visit visit() {
        int index = dice.skewed(PEOPLE);
        Visit visit = visits.get(index);
        if (visit == null || visit.reaches(now) || dice.chance(0.04)) {
            Person person = Person.of(seed, index);
            visit = new Visit(dice, person, start(person.place()));
            visits.put(index, visit);
        }
        return visit;
    }

    /** The visit of somebody with an account. */
    Visit memberVisit() {
        Visit visit = visit();
        while (visit.actor().kind() == Actor.Kind.GUEST) {
            visit = visit();
        }
        return visit;
    }

    /** The account of anybody but a guest; few are famous. */
    String account() {
        Person person = Person.of(seed, dice.skewed(PEOPLE));
        while (person.actor().kind() == Actor.Kind.GUEST) {
            person = Person.of(seed, dice.skewed(PEOPLE));
        }
        return person.actor().id();
    }

    private Instant start(Place place) {
        Instant start = ago();
        for (int i = 0; i < 5 && asleep(start, place); i++) {
            start = ago();
        }
        return start;
    }

    private Instant ago() {
        long millis = (long)
                (-StrictMath.log(1 - dice.fraction()) * Duration.ofHours(8).toMillis());
        return now.minusMillis(180_000 + millis % LONGEST_AGO.toMillis());
    }

    private boolean asleep(Instant start, Place place) {
        int hour = start.atZone(place.zone()).getHour();
        return hour < 7 && dice.chance(0.8);
    }
}
