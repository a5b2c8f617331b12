package dev.cdp.consumer;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.wire.IncomingRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record on its way through the consumer. Its attempts belong to the owner thread. */
final class Entry {

    private final ConsumerRecord<byte[], byte[]> record;
    private final long offset;
    private final @Nullable Past past;
    private long size;
    private boolean weighed;
    private boolean seen;
    private boolean begun;
    private int attempts;
    private int outages;
    private long firstFailureAt;
    private Lanes.@Nullable Lane lane;

    Entry(ConsumerRecord<byte[], byte[]> record) {
        this(record, record.offset(), null);
    }

    /**
     * A record that may have waited in a retry topic.
     *
     * @param record as it was at first
     * @param offset where it was read now
     */
    Entry(ConsumerRecord<byte[], byte[]> record, long offset, @Nullable Past past) {
        this.record = record;
        this.offset = offset;
        this.past = past;
        this.size = Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
        if (past != null) {
            attempts = past.attempts;
            firstFailureAt = past.firstFailureAt;
        }
    }

    /**
     * What became of a record before it waited in a retry topic.
     *
     * @param topicId of its own topic
     * @param attempts that have failed
     * @param firstFailureAt the time of the first of them, in nanoseconds
     * @param notBefore the time of the next attempt, in nanoseconds
     */
    record Past(UUID topicId, int attempts, long firstFailureAt, long notBefore) {}

    /** The record as it was before any retry: what a handler and a dead letter are told of. */
    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** Where it was read, for ledgers and commits. */
    long offset() {
        return offset;
    }

    /** The id of its own topic, if it waited in another one. */
    Optional<UUID> topicId() {
        return past == null ? Optional.empty() : Optional.of(past.topicId);
    }

    /** When it may be tried; the given time where it need not wait. */
    long notBefore(long now) {
        return past == null ? now : past.notBefore;
    }

    /** Bytes of its key and value, and of its headers once they are weighed. */
    long size() {
        return size;
    }

    /**
     * Adds its headers to its size; how many bytes that is now. It decodes them, so that none of them keeps what was
     * fetched in memory any more; a worker may not have it at the same time.
     */
    long weigh() {
        if (weighed) {
            return 0;
        }
        weighed = true;
        long before = size;
        for (Header header : record.headers().toArray()) {
            byte[] value = header.value();
            size += header.key().length() + (value == null ? 0 : value.length);
        }
        return size - before;
    }

    /** Notes whether a worker has it. */
    void begun(boolean now) {
        begun = now;
    }

    /** Weighs it if it was seen waiting before and is with no worker; by how many bytes its size has grown. */
    long weighIfSeen() {
        if (begun || weighed) {
            return 0;
        }
        if (!seen) {
            seen = true;
            return 0;
        }
        return weigh();
    }

    /** Notes the lane that it waits in. */
    void waitsIn(Lanes.Lane its) {
        lane = its;
    }

    /** The lane that it waits in; null for one that never waited. */
    Lanes.@Nullable Lane lane() {
        return lane;
    }

    /** How often it was tried before and failed; an outage is no try. */
    int attempts() {
        return attempts;
    }

    /** Notes a failed attempt. */
    void failed() {
        attempts++;
    }

    /** Nanoseconds since its first failure, which is now if there was none before. */
    long sinceFirstFailure(long now) {
        if (attempts == 0) {
            firstFailureAt = now;
        }
        return now - firstFailureAt;
    }

    /** Notes an attempt that found an outage; the how manieth it is. */
    int held() {
        return ++outages;
    }

    /** The delivery of its next attempt. */
    Delivery delivery() {
        return delivery(Instant.MAX);
    }

    /** The delivery of its next attempt to a handler that should return by then. */
    Delivery delivery(Instant deadline) {
        return new Delivery(
                record.topic(),
                record.partition(),
                record.offset(),
                attempts + 1,
                Instant.ofEpochMilli(record.timestamp()),
                deadline);
    }

    IncomingRecord incoming(UUID topicId) {
        Header[] all = record.headers().toArray();
        EventHeaders.Builder headers = EventHeaders.builder(all.length);
        for (Header header : all) {
            headers.add(header.key(), header.value());
        }
        return new IncomingRecord(
                record.topic(),
                topicId().orElse(topicId),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                headers.build(),
                record.value());
    }
}
