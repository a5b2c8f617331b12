package dev.cdp.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A main class in a JVM of its own, on this JVM's class path: something that a test can kill, stop and continue.
 *
 * <p>It ends with this JVM, however that ends, also while it is paused. What it prints is kept for {@link #output()} and
 * is part of each failure's message. One thread at a time may call it.
 */
public final class ChildJvm implements AutoCloseable {
    private static final String READY = "child JVM is ready";

    private final Path directory;
    private final ChildProcess process;

    private ChildJvm(Path directory, ChildProcess process) {
        this.directory = directory;
        this.process = process;
    }

    /** Starts a builder for a class that has a {@code main}. */
    public static Builder of(Class<?> main) {
        return new Builder(main);
    }

    /** For the child: tells {@link #awaitReady()} that it has started. */
    public static void announceReady() {
        System.out.println(READY);
    }

    /** Waits until the child has called {@link #announceReady()}. */
    public ChildJvm awaitReady() {
        awaitOutput(READY);
        return this;
    }

    /** Waits until the child has printed a line that begins so, and returns the line. */
    public String awaitOutput(String prefix) {
        String[] found = {""};
        Deadline.in(Await.LIMIT).await(() -> {
            boolean ended = !process.alive(); // read before its output, so that the last lines count
            found[0] = output().lines()
                    .filter(line -> line.startsWith(prefix))
                    .findFirst()
                    .orElse("");
            return ended || !found[0].isEmpty();
        });
        if (found[0].isEmpty()) {
            throw new AssertionError(state() + " and did not print \"" + prefix + "\"; its output:\n" + output());
        }
        return found[0];
    }

    /** Waits until the child ends, and returns its exit code; 137 after {@link #kill()}. */
    public int awaitExit() {
        if (!process.awaitExit(Await.LIMIT)) {
            throw new AssertionError(state() + " after " + Await.LIMIT.toSeconds() + " s; its output:\n" + output());
        }
        return process.exitCode();
    }

    /** Waits until the child ends, and fails with its output where its exit code is another. */
    public void awaitExit(int expected) {
        int code = awaitExit();
        if (code != expected) {
            throw new AssertionError("expected exit code " + expected + "; " + state() + "; its output:\n" + output());
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.alive();
    }

    /** SIGTERM: the child's shutdown hooks run. */
    public void terminate() {
        process.terminate();
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill() {
        process.kill();
    }

    /** SIGSTOP. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    /** All that it has printed so far, both streams. */
    public String output() {
        return process.output();
    }

    /** Kills it if it still runs, and forgets its output. */
    @Override
    public void close() {
        process.kill();
        DataDirectory.delete(directory);
    }

    private String state() {
        return process + (process.alive() ? " still runs" : " ended with exit code " + process.exitCode());
    }

    /** What a {@link ChildJvm} is started with. */
    public static final class Builder {
        private final Class<?> main;
        private final List<String> jvmOptions = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));

        private Builder(Class<?> main) {
            this.main = Objects.requireNonNull(main, "main");
        }

        /** An option of the JVM that goes before the defaults: a small heap, one compiler, errors alone are logged. */
        public Builder jvmOption(String option) {
            jvmOptions.add(Objects.requireNonNull(option, "option"));
            return this;
        }

        /** Starts it; {@link ChildJvm#awaitReady()} waits until it serves. */
        public ChildJvm start(String... arguments) {
            Path directory = DataDirectory.create("child");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.add("@" + ChildProcess.classPathFile(directory));
            command.add(main.getName());
            command.addAll(List.of(arguments));
            return new ChildJvm(directory, ChildProcess.start(main.getSimpleName(), directory, command));
        }
    }
}
