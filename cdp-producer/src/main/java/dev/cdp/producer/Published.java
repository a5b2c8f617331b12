package dev.cdp.producer;

import java.time.Instant;

/**
 * Where an acknowledged event stands in the log.
 *
 * @param topic the topic it was written to
 * @param partition the partition of that topic
 * @param offset the offset in that partition; {@code -1} where the broker dropped a repeat and no longer knows the first
 * @param eventId its {@code ce_id}
 * @param time its {@code ce_time}
 */
public record Published(String topic, int partition, long offset, String eventId, Instant time) {

    /** {@code topic-partition@offset}, and the event's id. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset + " (" + eventId + ")";
    }
}
