package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Handlers and records of transactions that were aborted. */
@CdpTest
final class UndoneRecordsTest {

    private Topics topics;
    private final List<Integer> handled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put("transactional.id", "undone-" + topics.topic);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var unused = producer.send(event(1));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            unused = producer.send(event(2));
            producer.commitTransaction();
        }
    }

    private ProducerRecord<byte[], byte[]> event(int ordinal) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.topic,
                0,
                null,
                ("{\"page_id\":\"p\",\"ordinal\":" + ordinal + "}").getBytes(StandardCharsets.UTF_8));
        record.headers().add("ce_type", "page_viewed".getBytes(StandardCharsets.UTF_8));
        return record;
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void aHandlerDoesNotSeeWhatAProducerHasUndone() {
        consume(topics.properties(), List.of(2));
    }

    @Test
    void oneThatAsksForItDoes() {
        Map<String, Object> properties = topics.properties();
        properties.put("isolation.level", "read_uncommitted");
        consume(properties, List.of(1, 2));
    }

    private void consume(Map<String, Object> properties, List<Integer> expected) {
        try (ResilientConsumer consumer = topics.consumer()
                .kafka(properties)
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build()) {
            consumer.start();
            Await.until("the committed one is handled", () -> handled.contains(2));
            assertThat(handled).isEqualTo(expected);
        }
    }
}
