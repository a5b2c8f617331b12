package dev.cdp.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The demo as a newcomer runs it; the engine is asked for only so that a machine without one skips. */
@CdpTest
final class DemoTest {

    private static final String EVENTS = Boolean.getBoolean("cdp.campaigns.full") ? "20000" : "50";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    @Tag("campaign")
    void theDemoEndsWithABalanceThatHolds(EmbeddedClickHouse engine) {
        int exit = run("demo", "--events", EVENTS);

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
    @Tag("campaign")
    void killingTheDemoLeavesNoProcessBehind(EmbeddedClickHouse engine) {
        try (ChildJvm demo = ChildJvm.of(Main.class).start("demo")) {
            demo.awaitOutput("  Kafka at"); // both servers run
            List<ProcessHandle> children =
                    ProcessHandle.of(demo.pid()).orElseThrow().descendants().toList();
            assertThat(children)
                    .as("children of a demo that said\n%s", demo.output())
                    .isNotEmpty();

            demo.kill();

            Await.until(
                    "the demo's children end",
                    () -> children.stream().filter(ProcessHandle::isAlive).toList(),
                    List::isEmpty);
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
        assertThat(run("demo", "--events", "0")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(run("demos")).isEqualTo(ExitCode.UNUSABLE);
        assertThat(err.toString())
                .contains("--events: expected at least 1; found 0")
                .contains("demo");
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
