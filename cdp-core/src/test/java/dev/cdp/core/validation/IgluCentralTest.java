package dev.cdp.core.validation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.schema.InvalidSchemaException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Schemas that people really wrote. */
final class IgluCentralTest {

    private static final Path SCHEMAS =
            Path.of(System.getProperty("cdp.corpora", "../../shared/corpora")).resolve("iglu-central/schemas");

    @Test
    void nearlyEverySchemaOfARealCollectionLoadsAndValidates() throws IOException {
        boolean there = Files.isDirectory(SCHEMAS);
        assertThat(there || !Boolean.getBoolean("cdp.corpora.required"))
                .as("the corpora at %s are required", SCHEMAS)
                .isTrue();
        assumeTrue(there, "no corpora at " + SCHEMAS);
        Map<String, String> refused = new TreeMap<>();
        List<Path> files = jsonSchemas();
        for (Path file : files) {
            try {
                EventValidator validator = EventValidator.of(Catalog.of("event", file));
                assertThat(validator.validate("event", "[[]]".getBytes(StandardCharsets.UTF_8)))
                        .isNotNull();
            } catch (InvalidSchemaException e) {
                refused.put(SCHEMAS.relativize(file).toString(), e.findings().toString());
            }
        }
        System.out.printf("iglu-central: %d schemas, %d loaded%n", files.size(), files.size() - refused.size());
        refused.forEach((file, why) -> System.out.println("  refused " + file + ": " + why));
        assertThat(files).hasSizeGreaterThan(500);
        assertThat(refused.size()).isLessThanOrEqualTo(files.size() / 20);
    }

    private static List<Path> jsonSchemas() throws IOException {
        try (Stream<Path> all = Files.walk(SCHEMAS)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.getParent().endsWith("jsonschema"))
                    .sorted()
                    .toList();
        }
    }
}
