package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a retry topic's headers can make a consumer do. */
class RetryTopicsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final UUID TOPIC_ID = new UUID(3, 4);
    private static final long NANOS = 77_000_000_000L;

    private final RetryTopics topics = new RetryTopics("g", List.of("t", "u"), InstantSource.fixed(NOW), LONGEST);

    private Entry waited(Duration wait) {
        Entry failed = new Entry(SinkBench.record(12, 1, "{}"));
        ProducerRecord<byte[], byte[]> sent = topics.record(failed, TOPIC_ID, wait.toNanos(), 2_000_000_000L, 2);
        return topics.entry(read(sent), NANOS);
    }

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                sent.partition(),
                90,
                NOW.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                sent.value().length,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers()),
                Optional.of(1));
    }

    private static long wait(Entry entry) {
        return entry.notBefore(NANOS) - NANOS;
    }

    @Test
    void aRecordWaitsAsLongAsItWasToldAndNeverLongerThanThePolicySays() {
        assertThat(wait(waited(Duration.ofSeconds(3))))
                .isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(wait(waited(LONGEST))).isEqualTo(LONGEST.toNanos());
        assertThat(wait(waited(LONGEST.plusMillis(1)))).isEqualTo(LONGEST.toNanos());
        assertThat(wait(waited(Duration.ofDays(100_000)))).isEqualTo(LONGEST.toNanos());
        assertThat(wait(waited(Duration.ofSeconds(-3)))).as("due already").isZero();
    }

    @Test
    void aTimeThatIsBeyondAllReckoningIsCappedToo() {
        Entry failed = new Entry(SinkBench.record(12, 1, "{}"));
        for (String due : List.of("+1000000000-12-31T23:59:59.999999999Z", "-1000000000-01-01T00:00:00Z", "x")) {
            ProducerRecord<byte[], byte[]> sent = topics.record(failed, TOPIC_ID, 0, 0, 2);
            sent.headers().remove("cdp.retry.due-at");
            sent.headers().add("cdp.retry.due-at", due.getBytes(StandardCharsets.UTF_8));
            assertThat(wait(topics.entry(read(sent), NANOS))).as(due).isBetween(0L, LONGEST.toNanos());
        }
    }

    @Test
    void aRecordComesBackAsWhatItWas() {
        Entry entry = waited(Duration.ofSeconds(3));
        assertThat(entry.offset()).as("where it is read now").isEqualTo(90);
        assertThat(entry.record().topic()).isEqualTo("t");
        assertThat(entry.record().offset()).isEqualTo(12);
        assertThat(entry.record().timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(entry.record().headers()).hasSize(1);
        assertThat(entry.topicId()).hasValue(TOPIC_ID);
    }
}
