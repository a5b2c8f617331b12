package dev.cdp.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** When counts last changed: a wait is given up because nothing moves, never because it takes long. For one thread. */
final class LastProgress {

    private final Duration limit;
    private final InstantSource clock;
    private List<Long> counts = List.of();
    private Instant since;

    LastProgress(Duration limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Takes the counts as they are now, and whether they have been the same for the whole limit. */
    boolean stalled(List<Long> now) {
        Instant time = clock.instant();
        if (!now.equals(counts)) {
            counts = List.copyOf(now);
            since = time;
        }
        return Duration.between(since, time).compareTo(limit) >= 0;
    }

    Duration limit() {
        return limit;
    }
}
