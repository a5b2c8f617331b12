package dev.cdp.consumer;

import java.time.Duration;

/**
 * When each part of a close must be over, in nanoseconds, so that the whole ends in its time whatever hangs.
 *
 * @param work until then, what runs is waited for
 * @param interrupted until then, what was interrupted is waited for
 * @param commit until then, the last commit is waited for
 * @param end until then, the clients are closed
 */
record CloseTimes(long work, long interrupted, long commit, long end) {

    /** Of a close without a timeout: an orchestrator such as Kubernetes kills after 30 s. */
    static final Duration DEFAULT = Duration.ofSeconds(20);

    /** How much later than its timeout a close may return. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final Duration MOST_RESERVED = Duration.ofSeconds(2);
    /** The rest of the grace is for what comes after the clients. */
    private static final Duration CLIENTS = Duration.ofMillis(750);

    /** The times of a close that begins now: at most a quarter of it, and at most 2 s, is kept for what follows the work. */
    static CloseTimes of(long now, Duration timeout) {
        long end = now + timeout.toNanos();
        long reserved = Math.min(timeout.toNanos() / 4, MOST_RESERVED.toNanos());
        return new CloseTimes(end - reserved, end - reserved / 2, end, end + CLIENTS.toNanos());
    }

    /** The sooner of both. */
    CloseTimes sooner(CloseTimes other) {
        return other.work - work < 0 ? other : this;
    }

    /** What is left until then, but at least that long. */
    static Duration rest(long until, long now, Duration least) {
        return Duration.ofNanos(Math.max(until - now, least.toNanos()));
    }
}
