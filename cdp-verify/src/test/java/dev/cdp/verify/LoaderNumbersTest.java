package dev.cdp.verify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.CloseReport;
import dev.cdp.consumer.PartitionHealth;
import dev.cdp.consumer.RecordCounts;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A batch of 10,000 rows with three that its table refuses, poison around it, and an outage before it: what health says
 * adds up at every moment, and in the end to what the table and the dead letter topic hold.
 */
@CdpTest
final class LoaderNumbersTest {

    private static final int ROWS = 10_000;
    private static final int POISON = 7;
    private static final List<Integer> GUILTY = List.of(0, 4711, 9999);
    private static final int RECORDS = ROWS + POISON + 1; // and a tombstone

    private final String name = "numbers_" + UUID.randomUUID().toString().replace("-", "");
    private final String topic = name + ".in";

    @TempDir
    private Path folder;

    @Test
    void whatHealthSaysAddsUpToTheTableAndTheDeadLetters(EmbeddedKafka broker, EmbeddedClickHouse engine)
            throws Exception {
        broker.createTopic(topic, 1);
        broker.createTopic("dlq." + topic, 1);
        produce(broker);
        Catalog catalog = Catalog.load(Files.writeString(
                folder.resolve("cdp.yaml"), """
                cdp: 1
                catalog: numbers
                source: //numbers
                defaults: { table: { database: DATABASE } }
                events:
                  counted:
                    topic: TOPIC
                    schema:
                      type: object
                      required: [n]
                      properties: { n: { type: integer }, label: { type: string } }
                """.replace("DATABASE", name).replace("TOPIC", topic)));
        try (ClickHouseSink sink = ClickHouseSink.builder(catalog)
                        .url(engine.url())
                        .credentials(engine.user(), engine::password)
                        .build();
                ResilientConsumer loader = ResilientConsumer.builder(catalog)
                        .kafka(broker.properties())
                        .group(name)
                        .topics(topic)
                        .sink(sink)
                        .batches(new BatchLimits(RECORDS, 64 << 20, Duration.ofMinutes(1)))
                        .build()) {
            sink.migrate();
            engine.query("ALTER TABLE " + name + ".counted ADD CONSTRAINT no_secret CHECK label != 'secret'");
            engine.query("ALTER TABLE " + name + ".counted MODIFY SETTING table_readonly = 1");
            loader.start();
            await("an outage", loader, () -> !loader.health().outages().isEmpty());
            assertThat(engine.query("SELECT count() FROM " + name + ".counted").strip())
                    .isEqualTo("0");
            RecordCounts during = counts(loader);
            assertThat(during.read() + during.pending()).as("%s", during).isPositive();
            assertThat(during.processed()).isZero();

            engine.query("ALTER TABLE " + name + ".counted RESET SETTING table_readonly");
            await("all are settled", loader, () -> counts(loader).pending() == 0);

            assertThat(counts(loader))
                    .isEqualTo(new RecordCounts(RECORDS, ROWS - GUILTY.size(), POISON + GUILTY.size(), 1, 0, 0));
            assertThat(loader.health().outages()).isEmpty();
            CloseReport report = loader.close(Duration.ofSeconds(30));
            assertThat(report).isEqualTo(new CloseReport(true, ROWS - 3, POISON + 3, 0, 0));
        }
        assertThat(engine.query("SELECT count(), uniqExact(_offset), uniqExact(_loaded_at) FROM " + name + ".counted")
                        .strip())
                .as("rows, distinct records, and inserts")
                .isEqualTo("9997\t9997\t1");
        List<ConsumerRecord<byte[], byte[]>> deadLetters = deadLetters(broker);
        assertThat(deadLetters).hasSize(POISON + GUILTY.size());
        assertThat(deadLetters.stream()
                        .filter(letter -> text(letter, DeadLetterHeaders.REASON).equals("NOT_INSERTABLE")))
                .hasSameSizeAs(GUILTY)
                .allSatisfy(letter -> {
                    assertThat(text(letter, DeadLetterHeaders.VIOLATIONS)).contains("/label", "no_secret");
                    assertThat(new String(letter.value(), StandardCharsets.UTF_8))
                            .contains("secret");
                });
    }

    private void produce(EmbeddedKafka broker) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(broker.properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(topic, new byte[] {1}, null));
            for (int n = 0; n < ROWS; n++) {
                String label = GUILTY.contains(n) ? "secret" : "plain";
                send(producer, "{\"n\":" + n + ",\"label\":\"" + label + "\"}");
                if (n % (ROWS / POISON) == 17 && n / (ROWS / POISON) < POISON) {
                    send(producer, "{\"test\":\"connection_test\"}");
                }
            }
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String value) {
        var unused = producer.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Looks on the way whether what health says adds up. */
    private static void await(String what, ResilientConsumer loader, BooleanSupplier condition) {
        Await.until(
                what,
                () -> {
                    counts(loader);
                    return condition.getAsBoolean()
                            ? "reached"
                            : loader.health().toString();
                },
                "reached"::equals);
    }

    private static RecordCounts counts(ResilientConsumer loader) {
        List<PartitionHealth> partitions = loader.health().partitions();
        RecordCounts counts = partitions.isEmpty()
                ? new RecordCounts(0, 0, 0, 0, 0, RECORDS)
                : partitions.get(0).counts();
        assertThat(partitions.isEmpty() || counts.balanced()).as("%s", counts).isTrue();
        return counts.read() < RECORDS ? new RecordCounts(0, 0, 0, 0, 0, RECORDS) : counts;
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters(EmbeddedKafka broker) {
        TopicPartition partition = new TopicPartition("dlq." + topic, 0);
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(broker.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).get(partition);
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofMillis(100)).forEach(letters::add);
            }
        }
        return letters;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }
}
