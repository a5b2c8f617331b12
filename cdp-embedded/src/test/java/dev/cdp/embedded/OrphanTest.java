package dev.cdp.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OrphanTest {
    private static final String READY = "ready";

    @Test
    void nothingSurvivesAParentThatIsKilled(@TempDir Path temp) throws IOException {
        ProcessBuilder builder = TestJvm.of(Parent.class);
        builder.command().add(1, "-Djava.io.tmpdir=" + temp);
        Process parent = builder.start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = parent.inputReader()) {
            for (String line = output.readLine(); line != null && !line.equals(READY); line = output.readLine()) {
                lines.add(line);
            }
            List<ProcessHandle> children = parent.descendants().toList();
            assertThat(children)
                    .as(String.join("\n", lines))
                    .hasSizeGreaterThanOrEqualTo(lines.contains("kafka only") ? 3 : 4);

            parent.destroyForcibly();

            boolean gone = Deadline.in(Duration.ofSeconds(20))
                    .await(() -> children.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(gone).as("children still alive: %s", children).isTrue();
        } finally {
            parent.destroyForcibly();
        }
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.startsWith("cdp-")))
                    .as("data of the servers that could see the end coming")
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    /** Starts both fixtures, one of them paused, and waits for its end. */
    static final class Parent {
        public static void main(String[] args) throws InterruptedException {
            EmbeddedKafka kafka = EmbeddedKafka.builder().childProcess().start();
            EmbeddedKafka paused = EmbeddedKafka.builder().childProcess().start();
            Optional<EmbeddedClickHouse> clickHouse = clickHouse();
            paused.pause();
            System.out.println(clickHouse.isPresent() ? kafka.bootstrapServers() : "kafka only");
            System.out.println(READY);
            new CountDownLatch(1).await();
        }

        private static Optional<EmbeddedClickHouse> clickHouse() {
            try {
                EmbeddedClickHouse clickHouse = EmbeddedClickHouse.start();
                return clickHouse.external() ? Optional.empty() : Optional.of(clickHouse);
            } catch (EngineUnavailableException e) {
                return Optional.empty();
            }
        }
    }
}
