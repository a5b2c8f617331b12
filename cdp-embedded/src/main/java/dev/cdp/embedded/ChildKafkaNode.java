package dev.cdp.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/** A node in a process of its own. */
final class ChildKafkaNode implements KafkaNode {
    private final String name;
    private final Path cluster;
    private final Path directory;
    private final Properties properties;
    private final List<String> moreJvmOptions;
    private @Nullable ChildProcess process;

    ChildKafkaNode(String name, Path cluster, Path directory, Properties properties, List<String> moreJvmOptions) {
        this.name = name;
        this.cluster = cluster;
        this.directory = directory;
        this.properties = properties;
        this.moreJvmOptions = moreJvmOptions;
    }

    @Override
    public void launch() {
        if (running()) {
            return;
        }
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(directory.resolve(KafkaNodeMain.READY));
            try (Writer writer = Files.newBufferedWriter(directory.resolve(KafkaNodeMain.PROPERTIES))) {
                properties.store(writer, null);
            }
            writeQuietLogging();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + directory, e);
        }
        process = ChildProcess.startJava(
                name, directory, cluster, jvmOptions(), KafkaNodeMain.class, List.of(directory.toString()));
    }

    @Override
    public void awaitReady() {
        ChildProcess child = Objects.requireNonNull(process, "launched");
        Path ready = directory.resolve(KafkaNodeMain.READY);
        boolean settled = Deadline.in(Await.LIMIT).await(() -> Files.exists(ready) || !child.alive());
        if (!settled || !Files.exists(ready)) {
            String log = child.logTail();
            child.kill();
            throw new IllegalStateException(name
                    + (settled ? " ended while starting" : " did not start within " + Await.LIMIT.toSeconds() + " s")
                    + ": " + log);
        }
    }

    @Override
    public boolean running() {
        return process != null && process.alive();
    }

    @Override
    public void stop() {
        if (process != null) {
            process.stop();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public void kill() {
        running("kill").kill();
    }

    @Override
    public void pause() {
        running("pause").pause();
    }

    @Override
    public void resume() {
        running("resume").resume();
    }

    private ChildProcess running(String action) {
        if (process == null) {
            throw new IllegalStateException("cannot " + action + " " + name + ": it is not running");
        }
        process.requireAlive(action);
        return process;
    }

    /** C1 alone starts three brokers on two busy cores in less than half the time. */
    private List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of(
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml")));
        options.addAll(moreJvmOptions);
        return options;
    }

    /** Only logback is loud without a configuration; log4j says errors alone. */
    private void writeQuietLogging() throws IOException {
        Files.writeString(directory.resolve("logback.xml"), """
                <configuration>
                    <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                        <encoder><pattern>%d %-5level %logger - %msg%n</pattern></encoder>
                    </appender>
                    <root level="ERROR"><appender-ref ref="out"/></root>
                </configuration>
                """);
    }
}
