package dev.cdp.embedded;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A point in time until which a condition is polled. */
record Deadline(long nanoTime) {
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** Polls until the condition holds (true) or the time is over (false). */
    boolean await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - nanoTime > 0) {
                return false;
            }
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
