package dev.cdp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventType;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

@CdpTest
@Timeout(120) // a test that hangs should say so
final class DlqTest {

    private static final String SECRET = "ann@example.com";

    @TempDir
    private Path temp;

    private final String topic = "t-" + UUID.randomUUID();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String bootstrap = "";
    private String catalog = "";

    @EventType("liked")
    private record Liked(String who, Integer times) {}

    /** Four letters: two lack a field, one is no JSON, one names no event of the catalog. */
    @BeforeEach
    void deadLetter(EmbeddedKafka kafka) throws IOException {
        bootstrap = kafka.bootstrapServers();
        kafka.createTopic(topic, 1);
        kafka.createTopic("dlq." + topic, 1);
        catalog = catalog("[who, times]");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(kafka.properties(), new StringSerializer(), new StringSerializer())) {
            send(producer, "liked", "{\"who\":\"" + SECRET + "\"}");
            send(producer, "liked", "{\"who\":\"" + SECRET + "\"}");
            send(producer, "liked", SECRET);
            send(producer, "\u001b[2J", "{\"who\":\"" + SECRET + "\"}");
        }
        try (ResilientConsumer consumer = ResilientConsumer.builder(Catalog.load(Path.of(catalog)))
                .kafka(kafka.properties())
                .group("g-" + topic)
                .topics(topic)
                .handle(Liked.class, (event, delivery) -> {})
                .build()) {
            consumer.start();
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (consumer.health().partitions().stream()
                            .noneMatch(one -> one.committed().orElse(0) == 4)
                    && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(20_000_000L);
            }
        }
    }

    private void send(KafkaProducer<String, String> producer, String type, String value) {
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, SECRET, value);
        record.headers().add("ce_type", type.getBytes(StandardCharsets.UTF_8));
        Future<RecordMetadata> unused = producer.send(record);
    }

    private String catalog(String required) throws IOException {
        return Files.writeString(temp.resolve("cdp.yaml"), """
                cdp: 1
                catalog: test
                source: //test.example
                defaults: { topic: "%s" }
                events:
                  liked:
                    schema:
                      type: object
                      required: %s
                      properties: { who: { type: string }, times: { type: integer } }
                """.formatted(topic, required))
                .toString();
    }

    @Test
    void lsCountsWhatWaitsByWhatItHasInCommon() {
        assertThat(run("dlq", "ls", "--bootstrap", bootstrap, "--catalog", catalog))
                .isEqualTo(ExitCode.FINDINGS);
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).startsWith("2 ").contains("INVALID", "liked", "dlq." + topic + ":0:1");
        assertThat(out.toString()).contains("UNDECODABLE", "UNKNOWN_EVENT").doesNotContain(SECRET, "\u001b");

        assertThat(run("dlq", "ls", "--bootstrap", bootstrap, "--catalog", catalog, "--event", "disliked"))
                .isEqualTo(ExitCode.OK);
        JsonNode groups = json("dlq", "ls", "dlq." + topic, "--bootstrap", bootstrap, "--reason", "invalid", "--json")
                .path("groups");
        assertThat(groups).hasSize(1);
        assertThat(groups.get(0).path("letters").asInt()).isEqualTo(2);
    }

    @Test
    void showSaysWhyAndNothingPersonalUnlessAskedTo() {
        String place = "dlq." + topic + ":0:0";
        assertThat(run("dlq", "show", place, "--bootstrap", bootstrap)).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("INVALID", "liked", topic + "-0@0", "times", "[required]", "ce_type (5 bytes)")
                .doesNotContain(SECRET);
        JsonNode shown = json("dlq", "show", place, "--bootstrap", bootstrap, "--payload", "--json");
        assertThat(shown.path("value").asString()).contains(SECRET);
        assertThat(shown.path("key").asString()).isEqualTo(SECRET);
        assertThat(run("dlq", "show", "dlq." + topic + ":0:99", "--bootstrap", bootstrap))
                .isEqualTo(ExitCode.FINDINGS);
        assertThat(run("dlq", "show", "nonsense", "--bootstrap", bootstrap)).isEqualTo(ExitCode.UNUSABLE);
    }

    @Test
    void redriveSaysWhatItWouldDoAndDoesItWhenTold() throws IOException {
        catalog = catalog("[who]");
        List<String> command = new ArrayList<>(
                List.of("dlq", "redrive", "dlq." + topic, "--bootstrap", bootstrap, "--catalog", catalog));
        assertThat(run(command.toArray(String[]::new))).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("published", "still-refused", "4 of 4 letters that wait; 2 stay", "add --execute")
                .doesNotContain(SECRET);

        command.addAll(List.of("--execute", "--reason", "INVALID", "--json"));
        JsonNode done = json(command.toArray(String[]::new));
        assertThat(done.path("left").asInt()).isZero();
        assertThat(done.at("/rows/0/letters").asInt()).isEqualTo(2);
        assertThat(err.toString()).contains("published 2");

        assertThat(json("dlq", "ls", "dlq." + topic, "--bootstrap", bootstrap, "--json")
                        .path("groups"))
                .hasSize(2);
    }

    @Test
    void whatCannotWorkIsSaid() {
        assertThat(run("dlq", "ls", "no-such-topic", "--bootstrap", bootstrap)).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("there is no topic no-such-topic");
        assertThat(run("dlq", "ls", "t", "--bootstrap", bootstrap, "--from", "yesterday"))
                .isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--from: expected a time like");
    }

    private JsonNode json(String... arguments) {
        run(arguments);
        return new JsonMapper().readTree(out.toString());
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out), new PrintWriter(err, true), arguments);
    }
}
