package dev.cdp.verify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.DeadLetterTopics;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
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

/** Dead letters become rows that can be counted, whatever bytes they are of. */
@CdpTest
final class DeadLetterTableTest {

    private static final BatchLimits SMALL = new BatchLimits(300, 1 << 20, Duration.ofMillis(100));

    private final String name = "dead_letters_" + UUID.randomUUID().toString().replace("-", "");
    private final String topic = name + ".in";

    @TempDir
    private Path temp;

    @Test
    void everyDeadLetterIsARowWithItsReasonViolationsBytesAndOrigin(EmbeddedKafka broker, EmbeddedClickHouse engine)
            throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        broker.createTopic(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : List.of(
                    "{\"n\":1}".getBytes(StandardCharsets.UTF_8),
                    "{\"n\":\"x\"}".getBytes(StandardCharsets.UTF_8),
                    new byte[] {(byte) 0xFF, 0, 1},
                    "{\"n\":\"y\"}".getBytes(StandardCharsets.UTF_8))) {
                ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(topic, value);
                event.headers().add("tenant", "ä".getBytes(StandardCharsets.UTF_8));
                producer.send(event).get();
            }
        }
        Path file = Files.writeString(
                temp.resolve("cdp.yaml"), """
                cdp: 1
                catalog: counted
                source: //counted
                defaults: { table: { database: DATABASE } }
                events:
                  counted:
                    topic: TOPIC
                    schema: { type: object, required: [n], properties: { n: { type: integer } } }
                """.replace("DATABASE", name).replace("TOPIC", topic));
        Catalog catalog = Catalog.load(file);
        Catalog deadLetters = Catalog.deadLetters(name);
        try (ClickHouseSink sink = sink(catalog, engine);
                ClickHouseSink deadLetterSink = sink(deadLetters, engine);
                ResilientConsumer loader = ResilientConsumer.builder(catalog)
                        .kafka(kafka)
                        .group(name + "-loader")
                        .topics(topic)
                        .sink(sink)
                        .batches(SMALL)
                        .deadLetterTopics(DeadLetterTopics.CREATE)
                        .build();
                ResilientConsumer deadLetterLoader = ResilientConsumer.builder(deadLetters)
                        .kafka(kafka)
                        .group(name + "-dead-letters")
                        .topics("dlq." + topic)
                        .sink(deadLetterSink)
                        .batches(SMALL)
                        .deadLetterTopics(DeadLetterTopics.CREATE)
                        .build()) {
            sink.migrate();
            deadLetterSink.migrate();
            loader.start();
            await(engine, "SELECT count() FROM " + name + ".counted", "1");
            deadLetterLoader.start();
            await(engine, "SELECT count() FROM " + name + ".dead_letters", "3");
        }

        assertThat(engine.query("SELECT reason, event, origin_topic, origin_partition, origin_offset, failed_by,"
                                + " violations[1].path, violations[1].keyword, hex(ifNull(value, base64Decode(value_base64))),"
                                + " headers['tenant'], _topic, fingerprint != '', event_time = failed_at"
                                + " FROM " + name + ".dead_letters ORDER BY origin_offset FORMAT TSVRaw")
                        .strip())
                .isEqualTo(("INVALID\tcounted\tNAME.in\t0\t1\tNAME-loader\t/n\ttype\t7B226E223A2278227D\tä"
                                + "\tdlq.NAME.in\t1\t1\n"
                                + "UNDECODABLE\tcounted\tNAME.in\t0\t2\tNAME-loader\t\tx-json\tFF0001\tä\tdlq.NAME.in\t1\t1\n"
                                + "INVALID\tcounted\tNAME.in\t0\t3\tNAME-loader\t/n\ttype\t7B226E223A2279227D\tä"
                                + "\tdlq.NAME.in\t1\t1")
                        .replace("NAME", name));
        assertThat(engine.query("SELECT count() FROM " + name + ".dead_letters GROUP BY fingerprint ORDER BY 1 DESC")
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
        Await.until(sql, () -> engine.query(sql).strip(), expected::equals);
    }
}
