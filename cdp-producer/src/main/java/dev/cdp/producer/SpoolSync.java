package dev.cdp.producer;

import java.time.Duration;

/**
 * When a spool forces what it holds onto the disk. What is written survives the death of the process either way; this
 * is about the machine's.
 *
 * @param interval how often; zero for each event, before publish returns
 */
public record SpoolSync(Duration interval) {

    private static final Duration MAX = Duration.ofMinutes(1);

    /** Checks the interval. */
    public SpoolSync {
        if (interval.isNegative() || interval.compareTo(MAX) > 0) {
            throw new InvalidOptionException("spool sync: expected 0 to " + MAX + ", found " + interval);
        }
    }

    /** Before publish returns; threads that publish at the same time share one force. */
    public static SpoolSync each() {
        return new SpoolSync(Duration.ZERO);
    }

    /** Every so often: a machine that loses power loses the events of one interval at most. */
    public static SpoolSync every(Duration interval) {
        return new SpoolSync(interval);
    }

    boolean isEach() {
        return interval.isZero();
    }
}
