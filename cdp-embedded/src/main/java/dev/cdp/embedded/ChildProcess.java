package dev.cdp.embedded;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that ends with this JVM, however that ends and also while it is paused.
 *
 * <p>A shell waits for the end of this JVM, then kills the process and removes its data. It ignores the signals of a
 * terminal, which reach it too. The process's output goes to {@code log.txt} in its directory. Methods are called under
 * the fixture's lock.
 */
final class ChildProcess {
    private static final int LOG_TAIL_BYTES = 4_000;

    private final String name;
    private final Path directory;
    private final boolean stopsAtEndOfInput;
    private final Process process;

    private ChildProcess(String name, Path directory, boolean stopsAtEndOfInput, Process process) {
        this.name = name;
        this.directory = directory;
        this.stopsAtEndOfInput = stopsAtEndOfInput;
        this.process = process;
    }

    /** Starts a command that stops on SIGTERM. */
    static ChildProcess start(String name, Path directory, List<String> command) {
        return new ChildProcess(name, directory, false, launch(name, directory, directory, command));
    }

    /**
     * Starts a main class of this module, which stops when its standard input ends, in a JVM of its own on this JVM's
     * class path.
     *
     * @param data what is of no use without this JVM: the directory itself or one above it
     */
    static ChildProcess startJava(
            String name, Path directory, Path data, List<String> jvmOptions, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-XX:+UseSerialGC");
        // Signals of the terminal end it at once; it needs no shutdown hooks.
        command.add("-Xrs");
        command.add("-XX:ErrorFile=" + directory.resolve("hs_err.log"));
        command.add("@" + classPathFile(directory));
        command.add(main.getName());
        command.addAll(arguments);
        return new ChildProcess(name, directory, true, launch(name, directory, data, command));
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Its exit code once it is not {@link #alive()}. */
    int exitCode() {
        return process.exitValue();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Stops it in good order, with its data kept; kills it when that takes too long. */
    void stop() {
        resume();
        try {
            if (!stopsAtEndOfInput) {
                process.destroy();
            }
            process.getOutputStream().close();
        } catch (IOException e) {
            // A process that is gone already.
        }
        if (!awaitExit(Await.LIMIT)) {
            kill();
        }
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() {
        process.destroyForcibly();
        if (!awaitExit(Await.LIMIT)) {
            throw new IllegalStateException(this + " survived SIGKILL for " + Await.LIMIT.toSeconds() + " s");
        }
    }

    /** SIGSTOP. */
    void pause() {
        requireAlive("pause");
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        if (alive()) {
            signal("CONT");
        }
    }

    private void signal(String signal) {
        try {
            Process kill = shell("kill -" + signal + " $0", Long.toString(pid()));
            boolean ended = awaitExit(kill, Await.LIMIT);
            if (alive() && !(ended && kill.exitValue() == 0)) {
                throw new IllegalStateException("cannot send SIG" + signal + " to " + this);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + signal + " to " + this + " by /bin/sh", e);
        }
    }

    void requireAlive(String action) {
        if (!alive()) {
            throw new IllegalStateException("cannot " + action + " " + name + ": it is not running");
        }
    }

    /** All that it has printed. */
    String output() {
        try {
            return new String(Files.readAllBytes(log(directory)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    /** What it said last, for an error message. */
    String logTail() {
        try (RandomAccessFile file = new RandomAccessFile(log(directory).toFile(), "r")) {
            long from = Math.max(0, file.length() - LOG_TAIL_BYTES);
            byte[] tail = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** The command waits for a line of input, so that it does not run before somebody watches over it. */
    private static Process launch(String name, Path directory, Path data, List<String> command) {
        List<String> waiting = new ArrayList<>(List.of("/bin/sh", "-c", "read -r go && exec \"$@\"", "sh"));
        waiting.addAll(command);
        try {
            Process process = new ProcessBuilder(waiting)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(log(directory).toFile()))
                    .start();
            try {
                watch(process, data);
                OutputStream input = process.getOutputStream();
                input.write('\n');
                input.flush();
                return process;
            } catch (IOException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + " by /bin/sh and " + command.get(0), e);
        }
    }

    private static void watch(Process process, Path data) throws IOException {
        Process watcher = shell(
                "trap '' INT TERM HUP QUIT; echo; while read -r line; do :; done; kill -KILL $0; rm -rf \"$1\"",
                Long.toString(process.pid()),
                data.toString());
        if (watcher.getInputStream().read() < 0) {
            throw new IOException("the shell that watches over the process ended");
        }
        // Before the pid can be another's.
        var unused = process.onExit().thenRun(watcher::destroyForcibly);
    }

    private static Process shell(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    /** Waits until it ends (true) or the time is over (false). */
    boolean awaitExit(Duration timeout) {
        return awaitExit(process, timeout);
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ")";
    }

    private static boolean awaitExit(Process process, Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return false;
        }
    }

    private static Path log(Path directory) {
        return directory.resolve("log.txt");
    }

    /** Under Surefire the class path of the JVM itself is a jar that names the entries. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** An argument file, since a class path can be longer than a command line may be. */
    static Path classPathFile(Path directory) {
        StringBuilder absolute = new StringBuilder();
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            absolute.append(absolute.length() == 0 ? "" : File.pathSeparator)
                    .append(Path.of(entry).toAbsolutePath());
        }
        Path file = directory.resolve("classpath.txt");
        try {
            Files.writeString(file, "-cp\n\"" + absolute.toString().replace("\\", "\\\\") + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
