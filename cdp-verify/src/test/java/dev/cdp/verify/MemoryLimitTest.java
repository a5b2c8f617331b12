package dev.cdp.verify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A server that is short of memory gets the same batch until it has some, and after what had formed smaller ones for a while. */
@CdpTest
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class MemoryLimitTest {

    private static final String TOPIC = "memory.in";
    private static final int ROWS = 2_400;
    private static final int BATCH = 400;

    @TempDir
    private Path folder;

    @Test
    void theOpenBatchStaysAndThoseThatFormNowAreSmaller(EmbeddedKafka broker, EmbeddedClickHouse engine)
            throws Exception {
        broker.createTopic(TOPIC, 1);
        broker.createTopic("dlq." + TOPIC, 1);
        produce(broker);
        Catalog catalog = Catalog.load(Files.writeString(folder.resolve("cdp.yaml"), """
                cdp: 1
                catalog: memory
                source: //memory
                defaults: { table: { database: memory } }
                events:
                  counted:
                    topic: memory.in
                    schema: { type: object, required: [n], properties: { n: { type: integer } } }
                """));
        try (FaultyServer server = new FaultyServer(engine.url());
                ClickHouseSink sink = ClickHouseSink.builder(catalog)
                        .url(server.url())
                        .credentials(engine.user(), engine::password)
                        .build();
                ResilientConsumer loader = ResilientConsumer.builder(catalog)
                        .kafka(broker.properties())
                        .group("memory")
                        .topics(TOPIC)
                        .sink(sink)
                        .batches(new BatchLimits(BATCH, 64 << 20, Duration.ofSeconds(1)))
                        .build()) {
            sink.migrate();
            server.settings("max_memory_usage=10000&max_untracked_memory=1");
            loader.start();
            await(
                    "an outage that is about size",
                    () -> loader.health().outages().stream()
                            .anyMatch(outage -> outage.cause().equals(BatchTooLargeException.class.getName())));
            server.settings("");
            await("every row", () -> rows(engine).equals(String.valueOf(ROWS)));
        }
        List<Integer> batches = engine.query(
                        "SELECT count() FROM memory.counted GROUP BY _loaded_at ORDER BY min(_offset)")
                .lines()
                .map(Integer::valueOf)
                .toList();
        assertThat(batches.get(0)).isEqualTo(BATCH);
        // The second one had begun to form; each that passes at its first try lets the next be an eighth larger.
        assertThat(batches.get(2)).isBetween(BATCH / 4, BATCH / 2 + BATCH / 8);
        assertThat(engine.query("SELECT uniqExact(_offset) FROM memory.counted").strip())
                .isEqualTo(String.valueOf(ROWS));
    }

    private static void produce(EmbeddedKafka broker) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(broker.properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < ROWS; n++) {
                byte[] value = ("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8);
                var unused = producer.send(new ProducerRecord<>(TOPIC, value));
            }
        }
    }

    private static String rows(EmbeddedClickHouse engine) {
        return engine.query("SELECT count() FROM memory.counted").strip();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000L);
        }
    }
}
