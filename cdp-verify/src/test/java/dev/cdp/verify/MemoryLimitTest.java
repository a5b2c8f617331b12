package dev.cdp.verify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A server that is short of memory gets the same batch until it has some, and after what had formed smaller ones for a while. */
@CdpTest
final class MemoryLimitTest {

    private static final int ROWS = 2_400;
    private static final int BATCH = 400;

    private final String name = "memory_" + UUID.randomUUID().toString().replace("-", "");
    private final String topic = name + ".in";

    @TempDir
    private Path folder;

    @Test
    void theOpenBatchStaysAndThoseThatFormNowAreSmaller(EmbeddedKafka broker, EmbeddedClickHouse engine)
            throws Exception {
        broker.createTopic(topic, 1);
        broker.createTopic("dlq." + topic, 1);
        produce(broker);
        Catalog catalog = Catalog.load(Files.writeString(
                folder.resolve("cdp.yaml"), """
                cdp: 1
                catalog: memory
                source: //memory
                defaults: { table: { database: DATABASE } }
                events:
                  counted:
                    topic: TOPIC
                    schema: { type: object, required: [n], properties: { n: { type: integer } } }
                """.replace("DATABASE", name).replace("TOPIC", topic)));
        try (FaultyServer server = new FaultyServer(engine.url());
                ClickHouseSink sink = ClickHouseSink.builder(catalog)
                        .url(server.url())
                        .credentials(engine.user(), engine::password)
                        .build();
                ResilientConsumer loader = ResilientConsumer.builder(catalog)
                        .kafka(broker.properties())
                        .group(name)
                        .topics(topic)
                        .sink(sink)
                        .batches(new BatchLimits(BATCH, 64 << 20, Duration.ofSeconds(1)))
                        .build()) {
            sink.migrate();
            server.settings("max_memory_usage=10000&max_untracked_memory=1");
            loader.start();
            Await.until(
                    "an outage that is about size",
                    () -> loader.health().outages(),
                    outages -> outages.stream()
                            .anyMatch(outage -> outage.cause().startsWith(BatchTooLargeException.class.getName())));
            server.settings("");
            Await.until("every row", () -> rows(engine), String.valueOf(ROWS)::equals);
        }
        List<Integer> batches = engine.query(
                        "SELECT count() FROM " + name + ".counted GROUP BY _loaded_at ORDER BY min(_offset)")
                .lines()
                .map(Integer::valueOf)
                .toList();
        assertThat(batches.get(0)).isEqualTo(BATCH);
        // The second one had begun to form; each that passes at its first try lets the next be an eighth larger.
        assertThat(batches.get(2)).isBetween(BATCH / 4, BATCH / 2 + BATCH / 8);
        assertThat(engine.query("SELECT uniqExact(_offset) FROM " + name + ".counted")
                        .strip())
                .isEqualTo(String.valueOf(ROWS));
    }

    private void produce(EmbeddedKafka broker) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(broker.properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < ROWS; n++) {
                byte[] value = ("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8);
                var unused = producer.send(new ProducerRecord<>(topic, value));
            }
        }
    }

    private String rows(EmbeddedClickHouse engine) {
        return engine.query("SELECT count() FROM " + name + ".counted").strip();
    }
}
