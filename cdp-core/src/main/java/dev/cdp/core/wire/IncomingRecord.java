package dev.cdp.core.wire;

import java.time.Instant;
import java.util.UUID;

import dev.cdp.core.event.EventHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record as it stands in the log.
 *
 * @param topic its topic
 * @param topicId its topic's id
 * @param partition its partition
 * @param offset its offset
 * @param timestamp the record's own timestamp
 * @param headers its headers
 * @param value its value, not a copy; null for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared, and a copy would cost more than it guards
public record IncomingRecord(
        String topic,
        UUID topicId,
        int partition,
        long offset,
        Instant timestamp,
        EventHeaders headers,
        byte @Nullable [] value) {

    /** {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
