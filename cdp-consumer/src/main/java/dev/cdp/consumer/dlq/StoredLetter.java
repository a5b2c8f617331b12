package dev.cdp.consumer.dlq;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of a dead letter topic, and what its headers say. What is not there, or cannot be read, is empty: anybody
 * may write to such a topic. Immutable, except that the bytes are not copied.
 */
public final class StoredLetter {

    private final ConsumerRecord<byte[], byte[]> record;

    /** A letter as it was read. */
    public StoredLetter(ConsumerRecord<byte[], byte[]> record) {
        this.record = Objects.requireNonNull(record, "record");
    }

    /** The letter's own record: its place in the dead letter topic, the original key, value and headers. */
    public ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** Why it failed. */
    public Optional<DeadLetterReason> reason() {
        String name = text(DeadLetterHeaders.REASON).orElse("");
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            if (reason.name().equals(name)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }

    /** The event's name, else empty. */
    public String event() {
        return text(DeadLetterHeaders.EVENT).orElse("");
    }

    /** The same for what failed the same way, else empty. */
    public String fingerprint() {
        return text(DeadLetterHeaders.FINGERPRINT).orElse("");
    }

    /** When it failed; the letter's own timestamp where it does not say. */
    public Instant failedAt() {
        try {
            return text(DeadLetterHeaders.FAILED_AT)
                    .map(Instant::parse)
                    .orElse(Instant.ofEpochMilli(record.timestamp()));
        } catch (DateTimeException e) {
            return Instant.ofEpochMilli(record.timestamp());
        }
    }

    /** Where the original record stands. */
    public Optional<Origin> origin() {
        return text(DeadLetterHeaders.TOPIC)
                .map(topic -> new Origin(
                        topic,
                        (int) number(DeadLetterHeaders.PARTITION, 9, -1),
                        number(DeadLetterHeaders.OFFSET, 18, -1),
                        Instant.ofEpochMilli(number(DeadLetterHeaders.TIMESTAMP, 18, record.timestamp()))));
    }

    /** The consumer group that could not process it; empty where a producer refused it. */
    public Optional<String> group() {
        return text(DeadLetterHeaders.CONNECTOR_NAME).filter(name -> number(DeadLetterHeaders.OFFSET, 18, -1) >= 0);
    }

    /** How often it has been redriven. */
    public int redriveCount() {
        return (int) number(DeadLetterHeaders.REDRIVE_COUNT, 9, 0);
    }

    /** Whether its value is not the record's but points to it. */
    public boolean pointer() {
        return record.headers().lastHeader(DeadLetterHeaders.POINTER) != null;
    }

    /** The text of a header, the last of that name. */
    public Optional<String> text(String header) {
        Header last = record.headers().lastHeader(header);
        byte @Nullable [] value = last == null ? null : last.value();
        return value == null ? Optional.empty() : Optional.of(new String(value, StandardCharsets.UTF_8));
    }

    /** Of so many digits at most, which is what its type holds. */
    private long number(String header, int most, long otherwise) {
        String digits = text(header).orElse("");
        return digits.matches("[0-9]{1," + most + "}") ? Long.parseLong(digits) : otherwise;
    }

    /** {@code topic-partition@offset} of the letter, and its reason. */
    @Override
    public String toString() {
        return record.topic() + "-" + record.partition() + "@" + record.offset() + " "
                + reason().map(Enum::name).orElse("without a reason");
    }

    /**
     * Where a letter's original record stands.
     *
     * @param topic its topic
     * @param partition its partition; -1 for one that was never written there
     * @param offset its offset; -1 for one that was never written there
     * @param timestamp its timestamp; the letter's where that is not known
     */
    public record Origin(String topic, int partition, long offset, Instant timestamp) {

        /** {@code topic-partition@offset}. */
        @Override
        public String toString() {
            return offset < 0 ? topic : topic + "-" + partition + "@" + offset;
        }
    }
}
