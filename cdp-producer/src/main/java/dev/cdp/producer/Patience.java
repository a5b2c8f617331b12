package dev.cdp.producer;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How long a thread still waits: a duration counted from the moment that it was made, or less if it is called off. */
final class Patience {

    private static final Duration MAX = Duration.ofDays(10_000);

    private final long deadline;
    private final BooleanSupplier calledOff;

    private Patience(Duration duration, BooleanSupplier calledOff) {
        Duration bounded = duration.compareTo(MAX) > 0 ? MAX : duration;
        this.deadline = System.nanoTime() + bounded.toNanos();
        this.calledOff = calledOff;
    }

    static Patience of(Duration duration) {
        return new Patience(duration, () -> false);
    }

    static Patience of(Duration duration, BooleanSupplier calledOff) {
        return new Patience(duration, calledOff);
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
