package dev.cdp.consumer;

import java.util.random.RandomGenerator;

/** The wait before something is asked again that did not answer: short enough that work goes on soon after an outage. */
final class Backoff {

    private static final long FIRST_NANOS = 200_000_000L;
    private static final long LONGEST_NANOS = 5_000_000_000L;

    private Backoff() {}

    /** Doubles with each failure, from the first on, up to 5 s, and varies by a fifth. */
    static long nanos(int failures, RandomGenerator random) {
        long doubled = FIRST_NANOS << Math.min(failures - 1, 10);
        return (long) (Math.min(doubled, LONGEST_NANOS) * (0.9 + 0.2 * random.nextDouble()));
    }
}
