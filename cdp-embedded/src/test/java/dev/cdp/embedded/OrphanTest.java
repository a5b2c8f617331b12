package dev.cdp.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing that a fixture has started lives on after the JVM that started it. */
class OrphanTest {
    private static final String READY = "ready";

    @TempDir
    private Path temp;

    @Test
    void noServerSurvivesAParentThatIsKilled() throws IOException {
        try (Parent parent = new Parent(Servers.class)) {
            // A broker, an engine where there is one, and the shell that watches over each.
            assertThat(parent.children).hasSizeGreaterThanOrEqualTo(2);

            parent.process.destroyForcibly();

            parent.awaitNoChildren();
            parent.awaitNoData();
        }
    }

    @Test
    void noChildSurvivesAKillOfTheProcessGroup() throws IOException, InterruptedException {
        assertNoChildSurvives("KILL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    @Tag("campaign")
    void noChildSurvivesASignalToTheProcessGroup(String signal) throws IOException, InterruptedException {
        assertNoChildSurvives(signal);
    }

    private void assertNoChildSurvives(String signal) throws IOException, InterruptedException {
        try (Parent parent = new Parent(ChildJvms.class)) {
            assertThat(parent.children).hasSizeGreaterThanOrEqualTo(4);

            parent.signalGroup(signal);

            parent.awaitNoChildren();
        }
    }

    /** A JVM, in a process group of its own, whose children are counted once it is ready. */
    private final class Parent implements AutoCloseable {
        private final Process shell;
        private final ProcessHandle process;
        private final List<ProcessHandle> children;

        Parent(Class<?> main) throws IOException {
            ProcessBuilder builder = TestJvm.of(main);
            builder.command().add(1, "-Djava.io.tmpdir=" + temp);
            builder.command().addAll(0, List.of("bash", "-c", "set -m; \"$@\" & echo $!; wait", "bash"));
            shell = builder.start();
            BufferedReader output = shell.inputReader();
            process = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            List<String> lines = new ArrayList<>();
            for (String line = output.readLine(); line != null && !line.equals(READY); line = output.readLine()) {
                lines.add(line);
            }
            assertThat(process.isAlive()).as(String.join("\n", lines)).isTrue();
            children = process.descendants().toList();
        }

        void signalGroup(String signal) throws IOException, InterruptedException {
            int status = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " -" + process.pid())
                    .start()
                    .waitFor();
            assertThat(status).isZero();
        }

        void awaitNoChildren() {
            Await.until(
                    "no child is alive",
                    () -> children.stream().filter(ProcessHandle::isAlive).toList(),
                    List::isEmpty);
        }

        void awaitNoData() {
            Await.until("no data is left", this::directories, List::isEmpty);
        }

        private List<Path> directories() throws IOException {
            try (Stream<Path> left = Files.list(temp)) {
                return left.filter(Files::isDirectory)
                        .filter(path -> path.getFileName().toString().startsWith("cdp-"))
                        .toList();
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
            shell.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Starts a broker that is paused and an engine that is not, and waits for its end. */
    static final class Servers {
        public static void main(String[] args) throws InterruptedException {
            EmbeddedKafka kafka = EmbeddedKafka.builder().childProcess().start();
            try {
                System.out.println(EmbeddedClickHouse.start().url());
            } catch (EngineUnavailableException e) {
                System.out.println(e.getMessage());
            }
            kafka.pause();
            System.out.println(READY);
            new CountDownLatch(1).await();
        }
    }

    /** Starts two children, one of them paused, and waits for its end. */
    static final class ChildJvms {
        public static void main(String[] args) throws InterruptedException {
            ChildJvm running = ChildJvm.of(Child.class).start();
            ChildJvm.of(Child.class).start().awaitReady().pause();
            running.awaitReady();
            System.out.println(READY);
            new CountDownLatch(1).await();
        }
    }

    static final class Child {
        public static void main(String[] args) throws InterruptedException {
            ChildJvm.announceReady();
            new CountDownLatch(1).await();
        }
    }
}
