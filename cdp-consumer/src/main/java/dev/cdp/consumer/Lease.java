package dev.cdp.consumer;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.cdp.core.sink.BatchId;

/**
 * For how long this process may take its partitions for its own: since the last {@code poll()} that returned, as long as
 * the group waits for a member that is silent. Kafka cannot fence a write, so whoever was paused must not begin one
 * afterwards. The owner thread renews it; any thread may ask.
 */
final class Lease {

    private final long length;
    private final LongSupplier nanos;
    private volatile long renewedAt;

    Lease(Duration length, LongSupplier nanos) {
        this.length = length.toNanos();
        this.nanos = nanos;
        this.renewedAt = nanos.getAsLong();
    }

    /** Notes that the group was heard of. */
    void renew() {
        renewedAt = nanos.getAsLong();
    }

    /**
     * Refuses where the lease is over.
     *
     * @throws ExpiredException then; the batch is written by whoever owns the partition when it is polled again
     */
    void require(BatchId batch) {
        long age = nanos.getAsLong() - renewedAt;
        if (age > length) {
            throw new ExpiredException(
                    batch + " is not written: this process has not polled for "
                            + Duration.ofNanos(age).toMillis() + " ms, more than the group waits for it ("
                            + Duration.ofNanos(length).toMillis()
                            + " ms), and the partition may be another's. It was paused, or a listener held the consumer's thread");
        }
    }

    /** The lease is over; nothing was sent. */
    static final class ExpiredException extends RuntimeException {
        ExpiredException(String message) {
            super(message);
        }
    }
}
