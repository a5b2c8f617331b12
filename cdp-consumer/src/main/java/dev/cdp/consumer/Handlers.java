package dev.cdp.consumer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The handlers of a consumer, and what becomes of events that none takes. Immutable.
 *
 * @param bindings by the event's name
 * @param withoutHandler for an event of the catalog that has no handler
 * @param unknown for a record that names no event of the catalog
 * @param seen what was processed lately; null where repeats are handled again
 * @param patience how long a rebalance waits for a handler
 */
record Handlers(
        Map<String, HandlerBinding<?>> bindings,
        Fallback withoutHandler,
        Fallback unknown,
        @Nullable SeenEvents seen,
        Duration patience,
        InstantSource clock) {

    /** Records that a worker may take in one go: as many as the largest batch. */
    int longestRun() {
        return bindings.values().stream().mapToInt(HandlerBinding::most).max().orElse(1);
    }

    Instant deadline() {
        return clock.instant().plus(patience);
    }
}
