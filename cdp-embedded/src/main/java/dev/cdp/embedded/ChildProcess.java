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

import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own, which ends when its standard input does, and so with this JVM however that ends.
 *
 * <p>Its output goes to {@code log.txt} in its directory. Methods are called under the fixture's lock.
 */
final class ChildProcess {
    /** A file whose presence tells a child whose input has ended that it is asked to stop, not orphaned. */
    static final String KEEP = "keep";

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final int LOG_TAIL_BYTES = 4_000;

    private final String name;
    private final Path directory;
    private final Process process;
    private final @Nullable Process watcher;
    private @Nullable Process pauser;

    private ChildProcess(String name, Path directory, Process process, @Nullable Process watcher) {
        this.name = name;
        this.directory = directory;
        this.process = process;
        this.watcher = watcher;
    }

    /** Starts a command that does not look at its input: a shell does in its place. It stops on SIGTERM. */
    static ChildProcess startWatched(String name, Path directory, List<String> command) {
        Process process = launch(name, directory, command);
        // The signals of a terminal reach it too, before its input has ended.
        String script = "trap '' INT TERM HUP; while read line; do :; done; kill -KILL $0; rm -rf \"$1\"";
        try {
            Process watcher = new ProcessBuilder(
                            "/bin/sh", "-c", script, Long.toString(process.pid()), directory.toString())
                    .start();
            // Before the pid can be another's.
            var unused = process.onExit().thenRun(watcher::destroyForcibly);
            return new ChildProcess(name, directory, process, watcher);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException("cannot watch " + name + " by /bin/sh", e);
        }
    }

    /** Starts a main class of this module in a JVM of its own, on this JVM's class path. */
    static ChildProcess startJava(
            String name, Path directory, List<String> jvmOptions, Class<?> main, List<String> arguments) {
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
        return new ChildProcess(name, directory, launch(name, directory, command), null);
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
    void stop(Duration timeout) {
        resume();
        try {
            Files.writeString(directory.resolve(KEEP), "");
            if (watcher != null) {
                process.destroy();
            }
            process.getOutputStream().close();
        } catch (IOException e) {
            // A process that is gone already.
        }
        if (!awaitExit(timeout)) {
            kill();
        }
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() {
        if (pauser != null) {
            pauser.destroyForcibly();
            pauser = null;
        }
        process.destroyForcibly();
        if (!awaitExit(KILL_TIMEOUT)) {
            throw new IllegalStateException(this + " survived SIGKILL for " + KILL_TIMEOUT);
        }
    }

    /** SIGSTOP. A stopped process cannot see that its input has ended, so a shell watches in its place. */
    void pause() {
        if (pauser != null) {
            return;
        }
        requireAlive("pause");
        String script = "kill -STOP $0 && echo stopped || exit 1; read line && kill -CONT $0 || kill -KILL $0";
        try {
            Process shell = new ProcessBuilder("/bin/sh", "-c", script, Long.toString(pid())).start();
            if (shell.getInputStream().read() != 's') {
                throw new IllegalStateException("cannot pause " + name + " (pid " + pid() + ") by kill -STOP");
            }
            pauser = shell;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pause " + name + " by /bin/sh", e);
        }
    }

    /** SIGCONT. */
    void resume() {
        Process shell = pauser;
        if (shell == null) {
            return;
        }
        pauser = null;
        try (OutputStream in = shell.getOutputStream()) {
            in.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot resume " + name, e);
        }
        awaitExit(shell, KILL_TIMEOUT);
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

    private static Process launch(String name, Path directory, List<String> command) {
        try {
            Files.deleteIfExists(directory.resolve(KEEP));
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(log(directory).toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + " by " + command.get(0), e);
        }
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
