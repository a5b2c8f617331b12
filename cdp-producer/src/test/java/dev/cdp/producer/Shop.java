package dev.cdp.producer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventType;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The catalog of the tests, its records, and what the broker holds. */
final class Shop {

    static final Catalog CATALOG = Catalog.fromClasspath("cdp/cdp.yaml");

    private Shop() {}

    static OrderPlaced order(String id) {
        return new OrderPlaced(id, Instant.now(), 1_999, null, null);
    }

    /** Every record of a topic, by a consumer that sees it from the first to the last. */
    static List<ConsumerRecord<byte[], byte[]>> records(EmbeddedKafka kafka, String topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        read(kafka, topic, found::add);
        return found;
    }

    /** Each record of a topic, for topics that no heap holds. */
    static void read(EmbeddedKafka kafka, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                kafka.directBootstrapServers(),
                "isolation.level",
                "read_committed",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(reader);
            }
        }
    }

    @EventType("order_placed")
    record OrderPlaced(String orderId, Instant placedAt, long amountCents, String coupon, Buyer buyer) {}

    record Buyer(String id, String country) {}

    record PageSeen(String page) {}

    record CartOpened(String cart) {}

    record NeverCreated(String anything) {}
}
