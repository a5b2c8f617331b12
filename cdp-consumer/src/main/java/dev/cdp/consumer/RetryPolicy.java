package dev.cdp.consumer;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How often a handler is tried on one event, and how long its lane waits in between. The wait doubles with each attempt
 * up to {@code maxDelay}, and varies by a fifth so that many lanes do not knock at once. What comes first ends it, the
 * attempts or the time.
 *
 * @param maxAttempts attempts in all, the first included; 1 to 1,000
 * @param firstDelay the wait after the first failure; 1 ms to 1 h
 * @param maxDelay the longest wait; from {@code firstDelay} to 1 h
 * @param total from the first failure on, no attempt is begun after that time; 1 ms to 1 d
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay, Duration total) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** Checks the ranges. */
    public RetryPolicy {
        Objects.requireNonNull(firstDelay, "firstDelay");
        Objects.requireNonNull(maxDelay, "maxDelay");
        Objects.requireNonNull(total, "total");
        if (maxAttempts < 1 || maxAttempts > 1_000) {
            throw new IllegalArgumentException("maxAttempts must be 1 to 1000, not " + maxAttempts);
        }
        if (firstDelay.compareTo(SHORTEST) < 0 || firstDelay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("firstDelay must be 1 ms to 1 h, not " + firstDelay);
        }
        if (maxDelay.compareTo(firstDelay) < 0 || maxDelay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("maxDelay must be firstDelay to 1 h, not " + maxDelay);
        }
        if (total.compareTo(SHORTEST) < 0 || total.compareTo(DAY) > 0) {
            throw new IllegalArgumentException("total must be 1 ms to 1 d, not " + total);
        }
    }

    /** A policy that ends by attempts, or after a day. */
    public RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay) {
        this(maxAttempts, firstDelay, maxDelay, DAY);
    }

    /** Waits that double from {@code firstDelay} up to 30 s, or {@code firstDelay} where that is longer. */
    public static RetryPolicy exponential(int maxAttempts, Duration firstDelay) {
        Duration usual = Duration.ofSeconds(30);
        return new RetryPolicy(
                maxAttempts,
                firstDelay,
                Objects.requireNonNull(firstDelay, "firstDelay").compareTo(usual) > 0 ? firstDelay : usual);
    }

    /** One attempt and no retry. */
    public static RetryPolicy none() {
        return exponential(1, SHORTEST);
    }

    /** The same policy with an end in time. */
    public RetryPolicy within(Duration time) {
        return new RetryPolicy(maxAttempts, firstDelay, maxDelay, time);
    }

    /**
     * Whether there is no next attempt.
     *
     * @param attempt the one that failed, from 1 on
     * @param nextAfter nanoseconds from the first failure to the next attempt
     */
    boolean spent(int attempt, long nextAfter) {
        return attempt >= maxAttempts || nextAfter > total.toNanos();
    }

    /** The wait after a failed attempt, in nanoseconds. */
    long delayNanos(int attempt, RandomGenerator random) {
        double doubled = (double) firstDelay.toNanos() * Math.pow(2, Math.min(attempt - 1, 62));
        double capped = Math.min(doubled, (double) maxDelay.toNanos());
        return (long) (capped * (0.9 + 0.2 * random.nextDouble()));
    }
}
