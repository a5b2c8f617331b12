package dev.cdp.consumer;

import java.time.Instant;
import java.util.UUID;

import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.wire.IncomingRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record on its way through the consumer. Its attempts belong to the owner thread. */
final class Entry {

    private final ConsumerRecord<byte[], byte[]> record;
    private int attempts;

    Entry(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    long offset() {
        return record.offset();
    }

    /** Bytes of its key and value. */
    long size() {
        return Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
    }

    /** How often it was tried before. */
    int attempts() {
        return attempts;
    }

    void attempted() {
        attempts++;
    }

    /** The delivery of its next attempt. */
    Delivery delivery() {
        return new Delivery(
                record.topic(),
                record.partition(),
                record.offset(),
                attempts + 1,
                Instant.ofEpochMilli(record.timestamp()));
    }

    IncomingRecord incoming(UUID topicId) {
        EventHeaders.Builder headers = EventHeaders.builder();
        for (Header header : record.headers()) {
            headers.add(header.key(), header.value());
        }
        return new IncomingRecord(
                record.topic(),
                topicId,
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                headers.build(),
                record.value());
    }
}
