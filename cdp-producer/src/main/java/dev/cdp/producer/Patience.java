package dev.cdp.producer;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How long a thread still waits: a duration counted from a moment, or less if it is called off. */
final class Patience {

    private static final Duration MAX = Duration.ofDays(10_000);

    private final long deadline;
    private final BooleanSupplier calledOff;

    private Patience(long since, Duration duration, BooleanSupplier calledOff) {
        Duration bounded = duration.compareTo(MAX) > 0 ? MAX : duration;
        this.deadline = since + bounded.toNanos();
        this.calledOff = calledOff;
    }

    static Patience of(Duration duration) {
        return of(duration, () -> false);
    }

    static Patience of(Duration duration, BooleanSupplier calledOff) {
        return since(System.nanoTime(), duration, calledOff);
    }

    /** Counted from a moment that was looked up already, by {@link System#nanoTime()}. */
    static Patience since(long nanos, Duration duration, BooleanSupplier calledOff) {
        return new Patience(nanos, duration, calledOff);
    }

    long leftNanos() {
        return Math.max(0, deadline - System.nanoTime());
    }

    Duration left() {
        return Duration.ofNanos(leftNanos());
    }

    boolean ended() {
        return leftNanos() == 0 || calledOff.getAsBoolean();
    }
}
