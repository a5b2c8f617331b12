package dev.cdp.core.catalog;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How long catalogs of 10, 100 and 1,000 events of 20 fields take to load and to lint; it prints, and asserts no time. */
final class CatalogSizeTest {

    @TempDir
    private Path temp;

    @Test
    void aThousandEventsLoadAndAreLinted() {
        for (int events : new int[] {10, 10, 100, 1_000}) {
            CatalogFolder folder = new CatalogFolder(temp.resolve("c" + events))
                    .file(
                            "common.json",
                            "{\"$defs\":{\"actor\":{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{"
                                    + "\"id\":{\"type\":\"string\"}," + fields("c", 4) + "}}}}");
            for (int i = 0; i < events; i++) {
                folder.file(
                        "e" + i + ".json",
                        "{\"required\":[\"at\",\"actor\"],\"properties\":{"
                                + "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
                                + "\"actor\":{\"$ref\":\"common.json#/$defs/actor\"}," + fields("f", 14) + "}}");
            }
            String yaml = IntStream.range(0, events)
                            .mapToObj(i -> "  e" + i + ": { schema: e" + i
                                    + ".json, key: /actor/id, time: /at, topic: t, owner: o," + " description: d }\n")
                            .collect(Collectors.joining(
                                    "", "events:\n", "dimensions: { d: { path: /actor/c0 } }\nmetrics:\n"))
                    + IntStream.range(0, events)
                            .mapToObj(i -> "  m" + i + ": { fact: e" + i + ", measure: sum, of: /f0, by: [d] }\n")
                            .collect(Collectors.joining());

            long start = System.nanoTime();
            Catalog catalog = folder.load(yaml);
            long loaded = System.nanoTime();
            LintReport report = CatalogLinter.check(catalog);
            long linted = System.nanoTime();

            System.out.printf(
                    "%,d events of 20 fields: loaded in %,d ms, linted in %,d ms%n",
                    events, (loaded - start) / 1_000_000, (linted - loaded) / 1_000_000);
            assertThat(catalog.events()).hasSize(events);
            assertThat(catalog.events().iterator().next().schema().columns()).hasSize(20);
            assertThat(report.count(Severity.ERROR)).isZero();
        }
    }

    private static String fields(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + prefix + i + "\":{\"description\":\"Field " + i + ".\",\"type\":\"integer\","
                        + "\"minimum\":0,\"maximum\":" + (1000 + i) + "}")
                .collect(Collectors.joining(","));
    }
}
