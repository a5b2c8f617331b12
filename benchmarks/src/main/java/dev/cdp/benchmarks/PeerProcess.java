package dev.cdp.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The processes beside this one: a peer's turn, which prints one line of numbers and ends, and the broker. */
final class PeerProcess {

    private PeerProcess() {}

    /** This machine's {@code java}, the one that runs this. */
    static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** Runs a command to its end; the numbers of the first line that it prints. {@code what} names it if it fails. */
    static double[] numbers(List<String> command, Object what) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String line;
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                line = out.readLine();
            }
            if (process.waitFor() != 0 || line == null) {
                throw new IllegalStateException(what + " failed; what it said stands above");
            }
            return List.of(line.strip().split(" ", -1)).stream()
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** CPU time of all processes that this one has started and that live, in nanoseconds: between two runs, the broker's. */
    static long brokerCpu() {
        return ProcessHandle.current()
                .children()
                .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToLong(Duration::toNanos)
                .sum();
    }
}
