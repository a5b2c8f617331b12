package dev.cdp.producer;

import java.time.Instant;
import java.util.Map;

import dev.cdp.core.event.MessagingAttributes;

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

    /** What a span says of it, by the names of {@link MessagingAttributes}. */
    public Map<String, String> attributes() {
        return Map.of(
                MessagingAttributes.SYSTEM,
                MessagingAttributes.KAFKA,
                MessagingAttributes.OPERATION_NAME,
                "send",
                MessagingAttributes.OPERATION_TYPE,
                "send",
                MessagingAttributes.DESTINATION_NAME,
                topic,
                MessagingAttributes.DESTINATION_PARTITION_ID,
                Integer.toString(partition),
                MessagingAttributes.KAFKA_OFFSET,
                Long.toString(offset),
                MessagingAttributes.MESSAGE_ID,
                eventId);
    }

    /** {@code topic-partition@offset}, and the event's id. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset + " (" + eventId + ")";
    }
}
