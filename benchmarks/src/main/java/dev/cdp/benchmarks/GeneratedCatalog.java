package dev.cdp.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** Catalogs written for a run, in a folder that goes when its JVM does. */
final class GeneratedCatalog {

    private GeneratedCatalog() {}

    /** A catalog of so many events of 20 fields, each with a schema file and a table of its own. */
    static Path of(int events) {
        return of(Collections.nCopies(events, Workload.resource("event.json")));
    }

    /** A catalog with an event for each schema: {@code event_0}, {@code event_1} and so on. */
    static Path of(List<String> schemas) {
        StringBuilder yaml = new StringBuilder("""
                cdp: 1
                catalog: benchmark
                source: //benchmark.example
                defaults:
                  topic: cdp.benchmark
                  table: { database: cdp, partition-by: toYYYYMM(event_time), ttl: 400d }
                events:
                """);
        try {
            Path folder = Files.createTempDirectory("cdp-bench");
            for (int i = 0; i < schemas.size(); i++) {
                boolean order = schemas.get(i).contains("placed_at");
                yaml.append("""
                          event_%d:
                            owner: benchmarks
                            description: One of many.
                            schema: event_%d.json
                            key: %s
                            time: %s
                            table: { name: event_%d, order-by: [event_time] }
                        """.formatted(
                                i, i, order ? "/order_id" : "/view_id", order ? "/placed_at" : "/occurred_at", i));
                write(folder.resolve("event_" + i + ".json"), schemas.get(i));
            }
            Path file = folder.resolve("cdp.yaml");
            write(file, yaml.toString());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
