package com.example.ingestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@CdpTest
final class WorkerTest {

    private static final Instant NOW = Instant.now();

    @Test
    void keepsOrdersThroughATroubledDatabaseAndPutsPoisonAside(EmbeddedKafka broker) throws Exception {
        broker.createTopic("cdp.orders", 3);
        broker.createTopic("dlq.cdp.orders", 3);
        Map<String, Object> kafka = broker.properties();
        publish(kafka);

        Map<String, OrderPlaced> kept = new ConcurrentHashMap<>();
        AtomicInteger failures = new AtomicInteger(2);
        Orders troubled = (id, order) -> {
            if (order.orderId().equals("order-1") && failures.getAndDecrement() > 0) {
                throw new IOException("the database did not answer");
            }
            kept.put(id, order);
        };
        try (Worker worker = new Worker(kafka, troubled, new InetSocketAddress("127.0.0.1", 0))) {
            assertEquals(503, status(worker, "ready"), "before it has started");
            worker.start();
            await(() -> kept.size() == 10 && deadLetters(broker) == 2);
            await(() -> status(worker, "ready") == 200);
            assertEquals(200, status(worker, "live"));
            assertTrue(kept.values().stream().anyMatch(order -> order.orderId().equals("order-1")));
            assertTrue(worker.end().drained());
            assertEquals(503, status(worker, "live"), "after its end");
        }
    }

    /** Ten orders; one of three hours ahead, which the handler rejects, and one that no catalog would have let pass. */
    private static void publish(Map<String, Object> kafka) {
        try (CdpProducer producer = CdpProducer.connect(Catalog.fromClasspath("cdp/cdp.yaml"), kafka)) {
            EventPublisher<OrderPlaced> orders = producer.publisher(OrderPlaced.class);
            for (int i = 0; i < 10; i++) {
                orders.publish(new OrderPlaced("order-" + i, "customer-" + i % 3, NOW, 1_000)).join();
            }
            orders.publish(new OrderPlaced("order-10", "customer-1", NOW.plus(Duration.ofHours(3)), 1_000)).join();
        }
        try (KafkaProducer<String, String> careless =
                new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
            careless.send(new ProducerRecord<>("cdp.orders", "customer-1", "{\"test\":\"connection_test\"}"));
        }
    }

    private static int status(Worker worker, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + worker.healthPort() + "/" + path);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertTrue(response.body().startsWith("state "), response.body());
        return response.statusCode();
    }

    private static long deadLetters(EmbeddedKafka broker) {
        try (KafkaConsumer<String, String> reader =
                new KafkaConsumer<>(broker.properties(), new StringDeserializer(), new StringDeserializer())) {
            var partitions = reader.partitionsFor("dlq.cdp.orders").stream()
                    .map(info -> new org.apache.kafka.common.TopicPartition(info.topic(), info.partition()))
                    .toList();
            return reader.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        while (!condition.call()) {
            assertTrue(Instant.now().isBefore(deadline), "not within a minute");
            LockSupport.parkNanos(50_000_000L);
        }
    }
}
