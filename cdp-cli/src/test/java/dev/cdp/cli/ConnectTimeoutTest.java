package dev.cdp.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.cdp.cli.command.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands where something takes connections and never answers. */
final class ConnectTimeoutTest {

    @TempDir
    private Path temp;

    private Path catalog;

    @BeforeEach
    void writeCatalog() throws Exception {
        catalog = Files.writeString(temp.resolve("cdp.yaml"), """
                cdp: 1
                catalog: test
                source: //test.example
                events: { pinged: { topic: pings, schema: { type: object } } }
                """);
    }

    @Test
    void eachCommandNamesTheTimeThatItWaited() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String server = "127.0.0.1:" + silent.getLocalPort();
            String known = "--catalog=" + catalog;
            for (String[] command : new String[][] {
                {"probe", known},
                {"dlq", "ls", known},
                {"dlq", "redrive", "dlq.pings", known},
                {"generate", known},
                {"audit", catalog.toString(), "--clickhouse-url", "http://127.0.0.1:1"}
            }) {
                assertThat(run(command, server, "1"))
                        .as(String.join(" ", command))
                        .contains("no Kafka broker answers at " + server + " within 1 s (connectTimeout)");
            }
        }
    }

    @Test
    void aTimeOutOfRangeIsRefused() {
        assertThat(run(new String[] {"probe", "--catalog=" + catalog}, "127.0.0.1:1", "0"))
                .contains("--connect-timeout: expected 1 to 300, found 0");
    }

    private String run(String[] command, String server, String seconds) {
        StringWriter err = new StringWriter();
        String[] options = {"--bootstrap", server, "--connect-timeout", seconds};
        int exit = Main.run(
                new PrintWriter(new StringWriter(), true),
                new PrintWriter(err, true),
                Stream.of(command, options).flatMap(Stream::of).toArray(String[]::new));
        assertThat(exit).as(() -> err.toString()).isEqualTo(ExitCode.UNUSABLE);
        return err.toString();
    }
}
