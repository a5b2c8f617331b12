package dev.cdp.consumer.dlq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

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
public final class DeadLetterRecords {

    private static final int MAX_MESSAGE = 512;
    private static final int FIRST_BYTES = 256;
    /** What a pointer keeps of the original's key and headers, each. */
    private static final int MAX_KEPT = 8 * 1024;
    /** Names, lengths and our own headers, which are bounded one by one. */
    private static final int OWN = 32 * 1024;

    private final String group;
    private final String catalogHash;
    private final int maxBytes;
    private final Set<DeadLetterProfile> profiles;
    private final InstantSource clock;

    /**
     * The letters of a consumer group.
     *
     * @param group who could not process the records
     * @param catalogHash the catalog that judged them
     * @param maxBytes above this size of key, value and headers a letter is a pointer
     * @param profiles headers of other frameworks to add
     * @param clock tells when
     */
    public DeadLetterRecords(
            String group, String catalogHash, int maxBytes, Set<DeadLetterProfile> profiles, InstantSource clock) {
        this.group = group;
        this.catalogHash = catalogHash;
        this.maxBytes = maxBytes;
        this.profiles = profiles;
        this.clock = clock;
    }

    /**
     * The record of a letter, whole if it fits.
     *
     * @param partitions how many partitions the dead letter topic has
     */
    public ProducerRecord<byte[], byte[]> record(DeadLetter letter, int partitions) {
        ConsumerRecord<byte[], byte[]> original = letter.record();
        long size = OWN + length(original.key()) + length(original.value()) + size(original.headers());
        return size > maxBytes ? pointer(letter, partitions) : whole(letter, partitions);
    }

    /** What comes from one partition stays in one and keeps its order, also where there are fewer of them. */
    private static int partition(DeadLetter letter, int partitions) {
        return letter.record().partition() % partitions;
    }

    private ProducerRecord<byte[], byte[]> whole(DeadLetter letter, int partitions) {
        ConsumerRecord<byte[], byte[]> original = letter.record();
        return new ProducerRecord<>(
                letter.topic(),
                partition(letter, partitions),
                null,
                original.key(),
                original.value(),
                describe(letter, originalHeaders(original.headers())));
    }

    /**
     * What stands for a record that is too large: where it is, and enough to know it again.
     *
     * @param partitions how many partitions the dead letter topic has
     */
    public ProducerRecord<byte[], byte[]> pointer(DeadLetter letter, int partitions) {
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
                letter.topic(),
                partition(letter, partitions),
                null,
                keepKey ? original.key() : null,
                utf8(value),
                describe(letter, headers));
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
        if (!failure.stackTrace().isEmpty()) {
            add(headers, DeadLetterHeaders.EXCEPTION_STACKTRACE, failure.stackTrace());
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
        add(headers, DeadLetterHeaders.TIMESTAMP, Long.toString(original.timestamp()));
        if (profiles.contains(DeadLetterProfile.SPRING)) {
            addSpring(headers, original, failure);
        }
        if (profiles.contains(DeadLetterProfile.STREAMS)) {
            addStreams(headers, original, failure);
        }
        return headers;
    }

    /** As {@code DeadLetterPublishingRecoverer} writes them: numbers in big-endian bytes. */
    private void addSpring(Headers headers, ConsumerRecord<byte[], byte[]> original, Failure failure) {
        String prefix = DeadLetterHeaders.SPRING_PREFIX;
        add(headers, prefix + "original-topic", original.topic());
        headers.add(
                prefix + "original-partition",
                ByteBuffer.allocate(Integer.BYTES).putInt(original.partition()).array());
        headers.add(prefix + "original-offset", bigEndian(original.offset()));
        headers.add(prefix + "original-timestamp", bigEndian(original.timestamp()));
        add(
                headers,
                prefix + "original-timestamp-type",
                original.timestampType().toString());
        add(headers, prefix + "original-consumer-group", group);
        add(headers, prefix + "exception-fqcn", failure.exceptionClass());
        add(headers, prefix + "exception-message", cut(failure.message()));
        add(headers, prefix + "exception-stacktrace", failure.stackTrace());
    }

    /** As KIP-1034 has them: all of them text. */
    private static void addStreams(Headers headers, ConsumerRecord<byte[], byte[]> original, Failure failure) {
        String prefix = DeadLetterHeaders.STREAMS_PREFIX;
        add(headers, prefix + "topic", original.topic());
        add(headers, prefix + "partition", Integer.toString(original.partition()));
        add(headers, prefix + "offset", Long.toString(original.offset()));
        add(headers, prefix + "exception", failure.exceptionClass());
        add(headers, prefix + "message", cut(failure.message()));
        add(headers, prefix + "stacktrace", failure.stackTrace());
    }

    private static byte[] bigEndian(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** Without those of an earlier failure: headers are replaced and never grow. */
    private static Headers originalHeaders(Headers original) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : original) {
            if (!DeadLetterHeaders.tellsOfFailure(header.key())) {
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
