package dev.cdp.consumer;

import java.time.Instant;

/**
 * One delivery of a record to a handler.
 *
 * @param topic the record's topic
 * @param partition the record's partition
 * @param offset the record's offset
 * @param attempt 1 for the first try in this process, then 2, 3, …
 * @param timestamp the record's timestamp
 * @param deadline when the handler should have returned: a rebalance waits no longer, so that the event may then be
 *     handled elsewhere too; {@link Instant#MAX} where nobody waits
 */
public record Delivery(String topic, int partition, long offset, int attempt, Instant timestamp, Instant deadline) {

    /** {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
