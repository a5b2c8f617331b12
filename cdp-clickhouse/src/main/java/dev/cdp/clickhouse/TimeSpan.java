package dev.cdp.clickhouse;

import java.time.Instant;

/** The whole seconds that instants lie in. One thread at a time. */
final class TimeSpan {

    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    void add(Instant time) {
        first = Math.min(first, time.getEpochSecond());
        last = Math.max(last, time.getEpochSecond());
    }

    boolean isEmpty() {
        return first > last;
    }

    /** The first one's, since the epoch. */
    long first() {
        return first;
    }

    /** The last one's. */
    long last() {
        return last;
    }
}
