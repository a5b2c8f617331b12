package dev.cdp.cli.events;

import java.util.List;
import java.util.SplittableRandom;

/** Random numbers as life has them: few large ones, many small ones. Deterministic by its seed; for one thread. */
final class Chance {

    private final SplittableRandom random;

    Chance(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** A source whose numbers depend on what it is made of alone. */
    static Chance of(long seed, Object... parts) {
        long mixed = seed;
        for (Object part : parts) {
            mixed = mixed * 0x9E3779B97F4A7C15L + part.hashCode();
        }
        return new Chance(new SplittableRandom(mixed).nextLong());
    }

    /** Whether something happens that happens in that part of all cases. */
    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0 up to and without 1. */
    double fraction() {
        return random.nextDouble();
    }

    long bits() {
        return random.nextLong();
    }

    /** From 0 up to and without a bound, each as likely. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** From 0 up to and without a bound, a number n about 1/(n+1) as likely as 0. */
    int zipf(int bound) {
        return (int) Math.min(bound - 1, Math.floor(Math.exp(fraction() * Math.log(bound + 1.0)) - 1));
    }

    /** One of them, the first ones more likely. */
    <T> T pick(List<T> from) {
        return from.get(zipf(from.size()));
    }
}
