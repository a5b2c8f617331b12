package com.example.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cdp.consumer.ConsumerHealth;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.producer.CdpProducer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@CdpTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class LoaderTest {

    private static final int ORDERS = 500;

    private final ExecutorService background = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        background.shutdownNow();
    }

    @Test
    void everyOrderIsARowAndTheForeignMessageADeadLetter(EmbeddedKafka broker, EmbeddedClickHouse clickHouse)
            throws Exception {
        broker.createTopic("shop.orders", 3);
        broker.createTopic("dlq.shop.orders", 3);
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        publish(kafka);

        try (Loader loader = new Loader(kafka, clickHouse.url(), clickHouse.user(), clickHouse::password);
                HealthEndpoint health = HealthEndpoint.start(0, loader::health)) {
            Future<?> running = background.submit(loader::run);
            while (!idle(loader.health())) {
                assertFalse(running.isDone(), () -> "the loader ended: " + loader.health());
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertTrue(get(health.port()).startsWith("200 RUNNING"));

            loader.close();
            running.get(30, TimeUnit.SECONDS);
            assertTrue(get(health.port()).startsWith("503 CLOSED"));
        }
        assertEquals(ORDERS, count(clickHouse, "shop.order_placed"));
        assertEquals(1, count(clickHouse, "shop.order_cancelled"));
        assertEquals(1, deadLetters(kafka));
    }

    private static void publish(Map<String, Object> kafka) throws Exception {
        try (CdpProducer producer = CdpProducer.connect(Catalog.fromClasspath("cdp/cdp.yaml"), kafka)) {
            for (int order = 0; order < ORDERS; order++) {
                producer.publishJson("order_placed", json("""
                        {"order_id":"o-%d","placed_at":"%s","country":"DE","total_cents":%d}"""
                        .formatted(order, Instant.now(), 100 * order)));
            }
            producer.publishJson("order_cancelled", json("""
                    {"order_id":"o-1","cancelled_at":"%s","reason":"late"}""".formatted(Instant.now())))
                    .get(30, TimeUnit.SECONDS);
        }
        try (KafkaProducer<byte[], byte[]> foreign =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            foreign.send(new ProducerRecord<>("shop.orders", json("{\"test\":\"connection_test\"}")))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static boolean idle(ConsumerHealth health) {
        return health.partitions().size() == 3
                && health.partitions().stream().allMatch(partition -> partition.lag().orElse(-1) == 0);
    }

    private static long count(EmbeddedClickHouse clickHouse, String table) {
        return Long.parseLong(clickHouse.query("SELECT count() FROM " + table).strip());
    }

    private static long deadLetters(Map<String, Object> kafka) {
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, 3)
                    .mapToObj(partition -> new TopicPartition("dlq.shop.orders", partition))
                    .collect(Collectors.toList());
            return reader.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static String get(int port) throws Exception {
        var response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
