package dev.cdp.consumer.dlq;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.validation.ViolationsJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka record of a dead letter: the original bytes and headers with the reason in added headers, or, where
 * that is larger than it may be, a pointer to the original. Thread-safe.
 */
final class DeadLetterRecords {

    private static final int MAX_MESSAGE = 512;
    private static final int FIRST_BYTES = 256;
    /** What a pointer keeps of the original's key and headers, each. */
    private static final int MAX_KEPT = 8 * 1024;
    /** Names, lengths and our own headers, which are bounded one by one. */
    private static final int OWN = 16 * 1024;

    private final String group;
    private final String catalogHash;
    private final int maxBytes;
    private final InstantSource clock;

    DeadLetterRecords(String group, String catalogHash, int maxBytes, InstantSource clock) {
        this.group = group;
        this.catalogHash = catalogHash;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** The record of a letter, whole if it fits. */
    ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        ConsumerRecord<byte[], byte[]> original = letter.record();
        long size = OWN + length(original.key()) + length(original.value()) + size(original.headers());
        return size > maxBytes ? pointer(letter) : whole(letter);
    }

    private ProducerRecord<byte[], byte[]> whole(DeadLetter letter) {
        ConsumerRecord<byte[], byte[]> original = letter.record();
        return new ProducerRecord<>(
                letter.topic(),
                null,
                null,
                original.key(),
                original.value(),
                describe(letter, originalHeaders(original.headers())));
    }

    /** What stands for a record that is too large: where it is, and enough to know it again. */
    ProducerRecord<byte[], byte[]> pointer(DeadLetter letter) {
        ConsumerRecord<byte[], byte[]> original = letter.record();
        boolean keepKey = length(original.key()) <= MAX_KEPT;
        Headers headers =
                size(original.headers()) <= MAX_KEPT ? originalHeaders(original.headers()) : new RecordHeaders();
        String sha256 = sha256(original.value());
        String value = "{\"topic\":\"" + original.topic() + "\""
                + ",\"partition\":" + original.partition()
                + ",\"offset\":" + original.offset()
                + ",\"sha256\":\"" + sha256 + "\""
                + ",\"length\":" + length(original.value())
                + ",\"key_length\":" + length(original.key())
                + ",\"headers_length\":" + size(original.headers())
                + ",\"first_bytes\":\"" + first(original.value()) + "\"}";
        headers.add(DeadLetterHeaders.POINTER, utf8("sha256:" + sha256));
        return new ProducerRecord<>(
                letter.topic(), null, null, keepKey ? original.key() : null, utf8(value), describe(letter, headers));
    }

    private Headers describe(DeadLetter letter, Headers headers) {
        ConsumerRecord<byte[], byte[]> original = letter.record();
        Failure failure = letter.failure();
        add(headers, DeadLetterHeaders.TOPIC, original.topic());
        add(headers, DeadLetterHeaders.PARTITION, Integer.toString(original.partition()));
        add(headers, DeadLetterHeaders.OFFSET, Long.toString(original.offset()));
        add(headers, DeadLetterHeaders.CONNECTOR_NAME, group);
        add(headers, DeadLetterHeaders.STAGE, failure.stage());
        if (!failure.exceptionClass().isEmpty()) {
            add(headers, DeadLetterHeaders.EXCEPTION_CLASS, failure.exceptionClass());
        }
        if (!failure.message().isEmpty()) {
            add(headers, DeadLetterHeaders.EXCEPTION_MESSAGE, cut(failure.message()));
        }
        add(headers, DeadLetterHeaders.REASON, failure.reason().name());
        if (!failure.report().valid()) {
            add(headers, DeadLetterHeaders.VIOLATIONS, ViolationsJson.of(failure.report()));
        }
        if (!failure.event().isEmpty()) {
            add(headers, DeadLetterHeaders.EVENT, cut(failure.event()));
        }
        add(headers, DeadLetterHeaders.CATALOG_VERSION, catalogHash);
        add(headers, DeadLetterHeaders.ATTEMPTS, Integer.toString(letter.attempts()));
        add(headers, DeadLetterHeaders.FINGERPRINT, failure.fingerprint());
        add(headers, DeadLetterHeaders.REDRIVE_COUNT, redriveCount(original.headers()));
        add(headers, DeadLetterHeaders.FAILED_AT, clock.instant().toString());
        return headers;
    }

    /** Without those of an earlier failure: headers are replaced and never grow. */
    private static Headers originalHeaders(Headers original) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : original) {
            if (!header.key().startsWith(DeadLetterHeaders.PREFIX)
                    && !header.key().startsWith(DeadLetterHeaders.CONNECT_PREFIX)) {
                headers.add(header);
            }
        }
        return headers;
    }

    private static String redriveCount(Headers original) {
        Header last = original.lastHeader(DeadLetterHeaders.REDRIVE_COUNT);
        if (last == null || last.value() == null) {
            return "0";
        }
        String text = new String(last.value(), StandardCharsets.UTF_8);
        return text.matches("[0-9]{1,9}") ? text : "0";
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, utf8(value));
    }

    private static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += header.key().length() + (long) length(header.value());
        }
        return size;
    }

    private static String first(byte @Nullable [] value) {
        return value == null
                ? ""
                : Base64.getEncoder().encodeToString(Arrays.copyOf(value, Math.min(FIRST_BYTES, value.length)));
    }

    private static String sha256(byte @Nullable [] value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(value == null ? new byte[0] : value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
