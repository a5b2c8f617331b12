package dev.cdp.verify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.DeadLetterTopics;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
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

/** Dead letters become rows that can be counted, whatever bytes they are of. */
@CdpTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class DeadLetterTableTest {

    private static final BatchLimits SMALL = new BatchLimits(300, 1 << 20, Duration.ofMillis(100));

    @TempDir
    private Path temp;

    @Test
    void everyDeadLetterIsARowWithItsReasonViolationsBytesAndOrigin(EmbeddedKafka broker, EmbeddedClickHouse engine)
            throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        broker.createTopic("letters.in", 1);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : List.of(
                    "{\"n\":1}".getBytes(StandardCharsets.UTF_8),
                    "{\"n\":\"x\"}".getBytes(StandardCharsets.UTF_8),
                    new byte[] {(byte) 0xFF, 0, 1},
                    "{\"n\":\"y\"}".getBytes(StandardCharsets.UTF_8))) {
                ProducerRecord<byte[], byte[]> event = new ProducerRecord<>("letters.in", value);
                event.headers().add("tenant", "ä".getBytes(StandardCharsets.UTF_8));
                producer.send(event).get();
            }
        }
        Path file = Files.writeString(temp.resolve("cdp.yaml"), """
                cdp: 1
                catalog: letters
                source: //letters
                defaults: { table: { database: letters } }
                events:
                  counted:
                    topic: letters.in
                    schema: { type: object, required: [n], properties: { n: { type: integer } } }
                """);
        Catalog catalog = Catalog.load(file);
        Catalog deadLetters = Catalog.deadLetters("letters");
        try (ClickHouseSink sink = sink(catalog, engine);
                ClickHouseSink letters = sink(deadLetters, engine);
                ResilientConsumer loader = ResilientConsumer.builder(catalog)
                        .kafka(kafka)
                        .group("letters-loader")
                        .topics("letters.in")
                        .sink(sink)
                        .batches(SMALL)
                        .deadLetterTopics(DeadLetterTopics.CREATE)
                        .build();
                ResilientConsumer letterLoader = ResilientConsumer.builder(deadLetters)
                        .kafka(kafka)
                        .group("dead-letters")
                        .topics("dlq.letters.in")
                        .sink(letters)
                        .batches(SMALL)
                        .deadLetterTopics(DeadLetterTopics.CREATE)
                        .build()) {
            sink.migrate();
            letters.migrate();
            loader.start();
            await(engine, "SELECT count() FROM letters.counted", "1");
            letterLoader.start();
            await(engine, "SELECT count() FROM letters.dead_letters", "3");
        }

        assertThat(engine.query("SELECT reason, event, origin_topic, origin_partition, origin_offset, failed_by,"
                                + " violations[1].path, violations[1].keyword, hex(ifNull(value, base64Decode(value_base64))),"
                                + " headers['tenant'], _topic, fingerprint != '', event_time = failed_at"
                                + " FROM letters.dead_letters ORDER BY origin_offset FORMAT TSVRaw")
                        .strip())
                .isEqualTo("INVALID\tcounted\tletters.in\t0\t1\tletters-loader\t/n\ttype\t7B226E223A2278227D\tä"
                        + "\tdlq.letters.in\t1\t1\n"
                        + "UNDECODABLE\tcounted\tletters.in\t0\t2\tletters-loader\t\tx-json\tFF0001\tä\tdlq.letters.in\t1\t1\n"
                        + "INVALID\tcounted\tletters.in\t0\t3\tletters-loader\t/n\ttype\t7B226E223A2279227D\tä"
                        + "\tdlq.letters.in\t1\t1");
        assertThat(engine.query("SELECT count() FROM letters.dead_letters GROUP BY fingerprint ORDER BY 1 DESC")
                        .lines())
                .containsExactly("2", "1");
    }

    private static ClickHouseSink sink(Catalog catalog, EmbeddedClickHouse engine) {
        return ClickHouseSink.builder(catalog)
                .url(engine.url())
                .credentials(engine.user(), engine::password)
                .build();
    }

    private static void await(EmbeddedClickHouse engine, String sql, String expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!engine.query(sql).strip().equals(expected)) {
            assertThat(System.nanoTime()).as(sql).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000L);
        }
    }
}
