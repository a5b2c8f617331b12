package dev.cdp.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@CdpTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DemoTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Not used: where there is no engine, asking for one skips this class. */
    DemoTest(EmbeddedClickHouse engine) {
        assertThat(engine.url()).isNotNull();
    }

    @Test
    void theDemoEndsWithABalanceThatHolds() {
        int exit = run("demo", "--events", "1000");

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("partition 0 stands at", "partition 1 stands at", "partition 2 stands at")
                .containsPattern("INVALID +1\n")
                .containsPattern("UNDECODABLE +3\n")
                .containsPattern("UNKNOWN_EVENT +4\n")
                .containsPattern("BALANCE {2}read [\\d,]+ = loaded [\\d,]+ \\+ dead-lettered 8 : holds");
        assertThat(exit).isEqualTo(ExitCode.OK);
    }

    @Test
    void killingTheDemoLeavesNoProcessBehind() throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        Main.class.getName(),
                        "demo")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = demo.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder seen = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                seen.append(line).append('\n');
                if (line.startsWith("  Kafka at")) { // both servers run
                    break;
                }
            }
            List<ProcessHandle> children = demo.descendants().toList();
            assertThat(children).as("children of a demo that said\n%s", seen).isNotEmpty();

            demo.destroyForcibly().waitFor();

            assertThat(children)
                    .allSatisfy(child -> assertThat(child.onExit()).succeedsWithin(java.time.Duration.ofSeconds(20)));
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerIsNamed() {
        int exit = run("demo", "--kafka", "127.0.0.1:1");

        assertThat(exit).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("127.0.0.1:1").doesNotContain("\tat ");
    }

    @Test
    void wrongUsageExitsWithTwo() {
        assertThat(run("demo", "--events", "3")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("demos")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString()).contains("--events: expected at least 1000").contains("demo");
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
