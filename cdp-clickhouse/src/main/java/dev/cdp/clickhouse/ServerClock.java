package dev.cdp.clickhouse;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The server's time, which is one for all loaders: {@code _loaded_at} of rows of different machines is compared. It is read
 * from the server now and then, and counted on by a clock that nobody sets. Thread-safe.
 */
final class ServerClock {

    private static final Duration KEPT = Duration.ofMinutes(10);

    private final ServerQueries queries;
    private volatile @Nullable Reading last;

    ServerClock(ServerQueries queries) {
        this.queries = queries;
    }

    /**
     * Milliseconds since the epoch.
     *
     * @throws ClickHouseUnavailableException if the server cannot be asked
     */
    long millis() throws InterruptedException {
        Reading reading = last;
        if (reading == null || reading.age() > KEPT.toNanos()) {
            long before = System.nanoTime();
            long millis = queries.number("read the server's clock", "SELECT toUnixTimestamp64Milli(now64(3))");
            reading = new Reading(millis, before + (System.nanoTime() - before) / 2);
            last = reading;
        }
        return reading.millis() + Duration.ofNanos(reading.age()).toMillis();
    }

    /** What the server said, and when by {@link System#nanoTime}. */
    private record Reading(long millis, long at) {

        long age() {
            return System.nanoTime() - at;
        }
    }
}
