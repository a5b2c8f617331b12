package dev.cdp.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;

/** JVMs of the test's own class path that may die at any moment. */
final class ChildJvm {

    private ChildJvm() {}

    /** Starts a class that has a {@code main}; all that it says goes to {@code log}. */
    static Process start(Class<?> main, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx128m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /**
     * For the child itself, first of all: waits until a broker answers. On a busy machine a new JVM may need more than the
     * 5 s of a consumer's start to load Kafka's client and to be heard.
     */
    static void awaitBroker(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.describeCluster().nodes().get(1, TimeUnit.MINUTES);
        }
    }

    /** What it has said, for the message of an assertion. */
    static String said(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Waits for its exit code; -1 where it has not ended in that time, after which it is killed. */
    static int exit(Process process, int seconds) throws InterruptedException {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } finally {
            process.destroyForcibly();
        }
    }
}
