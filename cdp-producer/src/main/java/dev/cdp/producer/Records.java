package dev.cdp.producer;

import java.nio.charset.StandardCharsets;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.EventHeaders;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Writes events as Kafka records: CloudEvents 1.0 binary mode, the payload alone as the value. */
final class Records {

    /** What a probe holds: JSON that says nothing. */
    static final byte[] PROBE = {'{', '}'};

    /** What Kafka and this producer keep beside a record's own bytes until it is settled, roughly. */
    private static final int OVERHEAD = 512;

    private static final int HEADER_OVERHEAD = 16;

    private Records() {}

    static ProducerRecord<byte[], byte[]> record(String topic, Envelope envelope, byte @Nullable [] json) {
        return record(topic, envelope, json, EventHeaders.none());
    }

    static ProducerRecord<byte[], byte[]> record(
            String topic, Envelope envelope, byte @Nullable [] json, EventHeaders moreHeaders) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, envelope.timestamp().toEpochMilli(), key(envelope.keyOrNull()), json);
        Headers headers = record.headers();
        for (Header header : envelope.shared()) {
            headers.add(header);
        }
        CloudEvents.writeOwn(envelope.attributes(), headers::add);
        String trace = envelope.options().traceParentOrNull();
        if (trace != null) {
            headers.add(CloudEvents.TRACE_PARENT, trace.getBytes(StandardCharsets.UTF_8));
        }
        addAll(envelope.options().headers(), headers);
        addAll(moreHeaders, headers);
        return record;
    }

    private static void addAll(EventHeaders more, Headers to) {
        if (more.size() > 0) {
            more.forEach(header -> to.add(header.name(), header.value()));
        }
    }

    private static byte @Nullable [] key(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** The memory that a record holds until it is settled. */
    static long size(ProducerRecord<byte[], byte[]> record) {
        long size = OVERHEAD;
        size += record.key() == null ? 0 : record.key().length;
        size += record.value() == null ? 0 : record.value().length;
        for (var header : record.headers()) {
            size += HEADER_OVERHEAD + header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }
}
