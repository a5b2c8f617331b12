package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Somebody writes records to a retry topic whose headers are made up. */
@CdpTest
final class HostileRetryHeadersTest {

    private static final List<Map.Entry<String, String>> HOSTILE = List.of(
            Map.entry("due-at", "+1000000000-12-31T23:59:59Z"),
            Map.entry("due-at", "-1000000000-01-01T00:00:00Z"),
            Map.entry("first-failed-at", "+1000000000-12-31T23:59:59Z"),
            Map.entry("first-failed-at", "-1000000000-01-01T00:00:00Z"),
            Map.entry("partition", "-1"),
            Map.entry("partition", "-2147483648"),
            Map.entry("offset", "-9223372036854775808"),
            Map.entry("timestamp", "9223372036854775807"),
            Map.entry("timestamp", "-9223372036854775808"),
            Map.entry("attempts", "-2147483648"),
            Map.entry("attempts", "2147483647"),
            Map.entry("topic", "../another"),
            Map.entry("topic-id", "none"));

    private Topics topics;
    private final Set<Integer> handled = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void eachIsSettledAndTheHealthyRecordBehindThemIsHandled() {
        check("");
    }

    @Test
    void inTransactionsToo() {
        check("tx-" + topics.topic);
    }

    private void check(String transactionalId) {
        String retries = RetryTopics.name(topics.group, topics.topic);
        topics.kafka.createTopic(retries, 1);
        int ordinal = 0;
        for (Map.Entry<String, String> header : HOSTILE) {
            waiting(retries, ordinal++, header.getKey(), header.getValue());
        }
        waiting(retries, 100, "attempts", "1");
        topics.producer.flush();
        ConsumerBuilder builder = topics.consumer()
                .ordering(Ordering.NONE)
                .retry(RetryPolicy.exponential(2, Duration.ofMillis(50)))
                .retryTopics()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (event.payload().ordinal() != 100) {
                        throw new IllegalStateException("fails");
                    }
                    handled.add(event.payload().ordinal());
                });
        if (!transactionalId.isEmpty()) {
            builder.transactionalId(transactionalId);
        }
        TopicPartition retry = new TopicPartition(retries, 0);
        try (ResilientConsumer consumer = builder.build()) {
            consumer.start();
            Await.until(
                    "handled",
                    () -> handled.contains(100) || consumer.health().cause().isPresent());
            Await.until(
                    "every waiting record is settled",
                    () -> List.of(topics.committed().getOrDefault(retry, new OffsetAndMetadata(0)), consumer.health()),
                    seen -> ((OffsetAndMetadata) seen.get(0)).offset() > HOSTILE.size());
            Await.until(
                    "each hostile one is a dead letter",
                    () -> topics.readCommitted(topics.deadLetters()).size(),
                    size -> size == HOSTILE.size());
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
            assertThat(consumer.health().outages()).isEmpty();
        }
    }

    private void waiting(String retries, int ordinal, String header, String value) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("topic", topics.topic);
        headers.put("topic-id", new UUID(1, 1).toString());
        headers.put("partition", "0");
        headers.put("offset", "5");
        headers.put("timestamp", "0");
        headers.put("attempts", "1");
        headers.put("first-failed-at", Instant.now().toString());
        headers.put("due-at", Instant.now().toString());
        headers.put(header, value);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                retries, 0, null, ("{\"page_id\":\"p\",\"ordinal\":" + ordinal + "}").getBytes(StandardCharsets.UTF_8));
        record.headers().add("ce_type", "page_viewed".getBytes(StandardCharsets.UTF_8));
        headers.forEach(
                (name, text) -> record.headers().add("cdp.retry." + name, text.getBytes(StandardCharsets.UTF_8)));
        var unused = topics.producer.send(record);
    }
}
