package dev.cdp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code generate} to a real broker. */
@CdpTest
final class GenerateCommandTest {

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void eventsReachTheirTopicAndAreValidThere(EmbeddedKafka broker) throws IOException {
        broker.createTopic("generate.seen", 1);
        Path catalog = catalog();
        Path properties = Files.writeString(temp.resolve("kafka.properties"), "client.id=generator\n");

        assertThat(generate(
                        catalog,
                        "--count",
                        "25",
                        "--bootstrap",
                        broker.bootstrapServers(),
                        "--kafka-properties",
                        properties.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString()).isEqualTo("25 of 25 events acknowledged\n");
        EventValidator validator = EventValidator.of(Catalog.load(catalog));
        assertThat(read(broker)).hasSize(25).allSatisfy(record -> {
            assertThat(validator.validate("seen", record.value()).valid()).isTrue();
            assertThat(new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
                    .isEqualTo("seen");
        });
    }

    @Test
    void propertiesOfAFileThatIsNotThereAreSaid() throws IOException {
        assertThat(generate(catalog(), "--bootstrap", "127.0.0.1:1", "--kafka-properties", "nowhere.properties"))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--kafka-properties nowhere.properties");
    }

    @Test
    void propertiesWithoutServersAreRefused() throws IOException {
        assertThat(generate(catalog(), "--kafka-properties", "any.properties")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--bootstrap");
    }

    private Path catalog() throws IOException {
        return Files.writeString(temp.resolve("cdp.yaml"), """
                cdp: 1
                catalog: generated
                source: //generated
                events:
                  seen:
                    topic: generate.seen
                    schema:
                      type: object
                      required: [page, seconds]
                      properties:
                        page: { type: string, pattern: "^p_[0-9a-z]{4}$" }
                        seconds: { type: integer, minimum: 0, maximum: 600 }
                """);
    }

    private int generate(Path catalog, String... more) {
        List<String> args = new ArrayList<>(List.of("generate", "--catalog", catalog.toString()));
        args.addAll(List.of(more));
        return Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(EmbeddedKafka broker) {
        Map<String, Object> properties = new HashMap<>(broker.properties());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicPartition partition = new TopicPartition("generate.seen", 0);
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).get(partition);
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
