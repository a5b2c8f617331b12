package com.example.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.producer.TopicMissingException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** The whole service against a real broker. */
@CdpTest
final class AppTest {

    @Test
    void requestsBecomeRecordsAndAfterTheEndThereIsNoServer(EmbeddedKafka broker) throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        assertThatThrownBy(() -> new App(kafka, 0)).isInstanceOf(TopicMissingException.class);
        broker.createTopic("app.feed", 1);
        broker.createTopic("app.accounts", 1);
        int port;
        try (App app = new App(kafka, 0)) {
            port = app.port();

            String id = EventServerTest.Http.post(port, "/accounts/ann/DE", "").body().strip();
            EventServerTest.Http.post(port, "/posts/p1/likes/ann", "", "Idempotency-Key", "like-1");
            EventServerTest.Http.post(port, "/posts/p1/likes/" + "x".repeat(65), "");

            assertThat(records(kafka, "app.accounts")).extracting(AppTest::id).containsExactly(id);
            assertThat(records(kafka, "app.feed")).extracting(AppTest::id).containsExactly("like-1");
        }
        assertThatThrownBy(() -> EventServerTest.Http.post(port, "/accounts/bob/DE", ""))
                .isInstanceOf(ConnectException.class);
    }

    private static String id(ConsumerRecord<String, String> record) {
        return new String(record.headers().lastHeader("ce_id").value());
    }

    private static List<ConsumerRecord<String, String>> records(Map<String, Object> kafka, String topic) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(kafka, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ConsumerRecord<String, String>> found = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
            return found;
        }
    }
}
