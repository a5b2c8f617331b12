package dev.cdp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

@CdpTest
final class ProbeTest {

    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path catalog;

    @BeforeEach
    void write() throws IOException {
        catalog = Files.writeString(temp.resolve("cdp.yaml"), """
                cdp: 1
                catalog: t
                source: //t
                events:
                  seen: { topic: probe.there, schema: { type: object } }
                  also: { topic: probe.second, schema: { type: object } }
                  gone: { topic: probe.missing, schema: { type: object } }
                """);
    }

    @Test
    void everyTopicIsProbedAndOneThatIsMissingIsAFinding(EmbeddedKafka kafka) {
        kafka.createTopic("probe.there", 1);

        assertThat(probe(kafka.bootstrapServers())).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("probe.there: acknowledged at probe.there-0@0 (")
                .contains("probe.missing: cdp.probe was not sent: topic probe.missing");
        assertThat(probe(kafka.bootstrapServers(), "--topic", "probe.there")).isEqualTo(ExitCode.OK);
        assertThat(probe(kafka.bootstrapServers(), "--topic", "probe.ther")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString())
                .contains("'probe.ther' is none; expected one of [probe.there, probe.second, probe.missing]");
    }

    @Test
    void machinesGetOneDocumentAndPropertiesComeFromAFile(EmbeddedKafka kafka) throws IOException {
        kafka.createTopic("probe.second", 1);
        Path properties = Files.writeString(temp.resolve("kafka.properties"), "client.id=prober\nlinger.ms=0\n");

        int exit = probe(
                kafka.bootstrapServers(),
                "--topic",
                "probe.second",
                "--json",
                "--kafka-properties",
                properties.toString());

        assertThat(exit).isEqualTo(ExitCode.OK);
        JsonNode document = new JsonMapper().readTree(out.toString());
        assertThat(document.at("/probes/0/topic").asString()).isEqualTo("probe.second");
        assertThat(document.at("/probes/0/acknowledged").asBoolean()).isTrue();
    }

    @Test
    void aBrokerThatIsNotThereIsNamed() {
        assertThat(probe("127.0.0.1:1")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("no Kafka broker answers at 127.0.0.1:1: connections are refused");
    }

    private int probe(String bootstrap, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(
                new String[] {"probe", "--bootstrap", bootstrap, "--catalog", catalog.toString()}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
