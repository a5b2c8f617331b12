package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * The retry topics of a consumer: which topic's records wait where for their next attempt, and how a record gets there
 * and back. It comes back as what it was, with the coordinates that it had at first. Thread-safe.
 */
final class RetryTopics {

    private static final String PREFIX = "cdp.retry.";
    private static final String TOPIC = PREFIX + "topic";
    private static final String TOPIC_ID = PREFIX + "topic-id";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String TIMESTAMP = PREFIX + "timestamp";
    private static final String ATTEMPTS = PREFIX + "attempts";
    private static final String FIRST_FAILED_AT = PREFIX + "first-failed-at";
    private static final String DUE_AT = PREFIX + "due-at";

    /** Anybody may write to a retry topic: what its headers say is bounded, and what is beyond is not believed. */
    private static final int MAX_ATTEMPTS = 1_000_000;

    private static final int MAX_PARTITION = 10_000_000;
    private static final int MAX_TEXT = 512;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** What Kafka takes as a topic's name. */
    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private static final Pattern PLAIN_GROUP = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-]*");

    private final Map<String, String> sources = new LinkedHashMap<>();
    private final InstantSource clock;
    private final Duration longest;

    /**
     * The retry topics of a group.
     *
     * @param longest the longest time that a record waits
     */
    RetryTopics(String group, Collection<String> topics, InstantSource clock, Duration longest) {
        topics.forEach(topic -> sources.put(name(group, topic), topic));
        this.clock = clock;
        this.longest = longest;
    }

    /**
     * The retry topic of a topic: {@code retry.GROUP.TOPIC}. Each group has one of its own, because what fails in one is
     * done in another. No two pairs of group and topic have the same name, nor names that differ in '.' and '_' alone,
     * which Kafka refuses to have side by side.
     */
    static String name(String group, String topic) {
        String name = "retry." + component(group) + "." + topic;
        if (!TOPIC_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "retryTopics: '" + name
                            + "' is no name of a topic: it may have 249 characters; give the group or the topic a shorter name");
        }
        return name;
    }

    /**
     * A group's name without '.' and '_', so that it ends where the topic's begins. One of letters, digits and '-' stays as
     * it is; in any other, and behind a '-' in front that marks it, '-' is an escape.
     */
    private static String component(String group) {
        if (PLAIN_GROUP.matcher(group).matches()) {
            return group;
        }
        StringBuilder escaped = new StringBuilder("-");
        group.chars().forEach(c -> {
            if (c == '.') {
                escaped.append("-d");
            } else if (c == '_') {
                escaped.append("-u");
            } else if (c == '-') {
                escaped.append("--");
            } else if (c < 128 && Character.isLetterOrDigit(c)) {
                escaped.append((char) c);
            } else {
                escaped.append("-x").append(String.format("%04x", c));
            }
        });
        return escaped.toString();
    }

    /** Each retry topic, with the topic whose records wait there. */
    Map<String, String> all() {
        return Map.copyOf(sources);
    }

    /** The longest time that a record waits. */
    Duration longest() {
        return longest;
    }

    Set<String> names() {
        return sources.keySet();
    }

    /** The topic that a record came from at first. */
    String source(String topic) {
        return sources.getOrDefault(topic, topic);
    }

    /** Whether records of that topic wait in one of these. */
    boolean waitsFor(String topic) {
        return sources.containsValue(topic);
    }

    /** Where a record of that topic waits. */
    String of(String source) {
        return sources.entrySet().stream()
                .filter(one -> one.getValue().equals(source))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("topic " + source + " has no retry topic"));
    }

    /**
     * The record that waits in the place of one that has failed.
     *
     * @param topicId of the topic that it was read from, if it was not read from a retry topic
     * @param waitNanos from now to its next attempt
     * @param failingNanos since its first failure
     * @param partitions how many partitions the retry topic has
     */
    ProducerRecord<byte[], byte[]> record(
            Entry entry, UUID topicId, long waitNanos, long failingNanos, int partitions) {
        ConsumerRecord<byte[], byte[]> original = entry.record();
        long now = clock.millis();
        RecordHeaders headers = new RecordHeaders();
        for (Header header : original.headers()) {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        add(headers, TOPIC, original.topic());
        add(headers, TOPIC_ID, entry.topicId().orElse(topicId).toString());
        add(headers, PARTITION, Integer.toString(original.partition()));
        add(headers, OFFSET, Long.toString(original.offset()));
        add(headers, TIMESTAMP, Long.toString(original.timestamp()));
        add(headers, ATTEMPTS, Integer.toString(entry.attempts()));
        add(
                headers,
                FIRST_FAILED_AT,
                Instant.ofEpochMilli(now - failingNanos / 1_000_000L).toString());
        add(headers, DUE_AT, Instant.ofEpochMilli(now + waitNanos / 1_000_000L).toString());
        return new ProducerRecord<>(
                of(original.topic()),
                original.partition() % partitions,
                null,
                original.key(),
                original.value(),
                headers);
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A record as it was before it had to wait; as it is where it says nothing of that, or nothing that can be read. */
    Entry entry(ConsumerRecord<byte[], byte[]> record, long now) {
        try {
            return sources.containsKey(record.topic()) && record.headers().lastHeader(DUE_AT) != null
                    ? restored(record, now)
                    : new Entry(record);
        } catch (RuntimeException e) {
            return new Entry(record); // of whatever kind: it is read on the owner thread
        }
    }

    private Entry restored(ConsumerRecord<byte[], byte[]> record, long now) {
        long wall = clock.millis();
        long failing = Math.max(0, wall - time(record, FIRST_FAILED_AT));
        long wait = time(record, DUE_AT) - wall;
        RecordHeaders headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        String topic = text(record, TOPIC);
        if (!topic.equals(sources.get(record.topic()))) {
            throw new IllegalArgumentException("a record of another topic");
        }
        ConsumerRecord<byte[], byte[]> original = new ConsumerRecord<>(
                topic,
                (int) number(record, PARTITION, 0, MAX_PARTITION),
                number(record, OFFSET, 0, Long.MAX_VALUE - 1),
                number(record, TIMESTAMP, -1, LATEST.toEpochMilli()),
                TimestampType.CREATE_TIME,
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                headers,
                Optional.empty());
        return new Entry(
                original,
                record.offset(),
                new Entry.Past(
                        UUID.fromString(text(record, TOPIC_ID)),
                        (int) number(record, ATTEMPTS, 0, MAX_ATTEMPTS),
                        now - failing * 1_000_000L,
                        // Clocks may differ: nobody waits longer than the policy says.
                        now + Math.min(Math.max(0, wait), longest.toMillis()) * 1_000_000L));
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String name, long least, long most) {
        long number = Long.parseLong(text(record, name));
        if (number < least || number > most) {
            throw new IllegalArgumentException(name + " is out of range");
        }
        return number;
    }

    /** Milliseconds since 1970, of an instant from then to the year 9999. */
    private static long time(ConsumerRecord<byte[], byte[]> record, String name) {
        Instant time = Instant.parse(text(record, name));
        if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException(name + " is out of range");
        }
        return time.toEpochMilli();
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        byte @Nullable [] value = header == null ? null : header.value();
        if (value == null || value.length > MAX_TEXT) {
            throw new IllegalArgumentException("no header " + name);
        }
        return new String(value, StandardCharsets.UTF_8);
    }
}
