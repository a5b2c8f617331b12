package dev.cdp.core.catalog;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What stands under {@code table:} is read, and what cannot be read is a problem at its place. */
final class TableExpressionsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "toYYYYMM(event_time)",
                "toYYYYMM(event_time, 'Europe/Berlin')",
                "(toYYYYMM(event_time), kind)",
                "modulo(cityHash64(kind, n), 16)",
                "intDiv(n, 100)",
                "toMonday(toDate(event_time))",
                "tuple()",
                "_topic"
            })
    void aKeyOfColumnsAndPureFunctionsIsReadAndWrittenAgain(String key) throws Exception {
        assertThat(load(key).table().orElseThrow().partitionBy()).hasToString(key);
    }

    @Test
    void aTupleIsAListAndSpacesAndQuotesDoNotCount() throws Exception {
        assertThat(load("tuple( `kind` ,toDate(event_time) )")
                        .table()
                        .orElseThrow()
                        .partitionBy())
                .hasToString("(kind, toDate(event_time))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hostName()",
                "toYYYYMM(event_time), hostName()",
                "(kind, hostName())",
                "toYYYYMM(event_tim)",
                "toYYYYMM(kind)",
                "toYYYYMM(event_time, 'Mars/Base')",
                "toYYYYMM(event_time, '' || hostName())",
                "kind ORDER BY tuple()",
                "kind -- x",
                "kind /* x */",
                "kind; DROP TABLE x",
                "kind'",
                "'kind'",
                "{kind:Identifier}",
                "kind\\0",
                "(kind",
                "()",
                "",
                "1",
                "intDiv(10, n)",
                "intDiv(n, 0)",
                "intDiv(n, -1)",
                "intDiv(kind, 2)",
                "maybe",
                "list",
                "ratio",
                "free",
                "_unknown",
                "toStartOfHour(day)",
                "cityHash64(cityHash64(cityHash64(cityHash64(cityHash64(cityHash64(cityHash64(kind)))))))"
            })
    void whatIsNoSuchKeyIsAProblemAtItsPlaceThatSaysWhatIsAllowed(String key) {
        assertThatThrownBy(() -> load(key))
                .isInstanceOfSatisfying(
                        InvalidCatalogException.class,
                        invalid -> assertThat(invalid.problems())
                                .singleElement()
                                .satisfies(problem -> {
                                    assertThat(problem.rule()).isEqualTo("partition-by");
                                    assertThat(problem.line()).isEqualTo(6);
                                    assertThat(problem.column()).isEqualTo(28);
                                    assertThat(problem.message())
                                            .contains("partition-by: ")
                                            .contains("toYYYYMM");
                                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZSTD(23)", "ZSTD(0)", "LZ4(1)", "LZ4HC(13)", "ZSTD(3))", "zstd", "ZSTD, LZ4", "T64"})
    void aCodecThatClickHouseHasNotIsRefused(String codec) {
        assertThatThrownBy(() -> load("tuple()", "codec: \"" + codec + "\""))
                .hasMessageContaining("codec: expected NONE, LZ4, LZ4HC(n) or ZSTD(n)");
    }

    @Test
    void rowsAreSortedBySingleValuesEachOnce() {
        assertThatThrownBy(() -> load("tuple()", "order-by: [n, kind, n, list, free, _unknown]"))
                .isInstanceOfSatisfying(
                        InvalidCatalogException.class,
                        invalid -> assertThat(invalid.problems().stream().map(Problem::message))
                                .hasSize(4)
                                .anyMatch(message -> message.contains("'n' is named twice"))
                                .anyMatch(message -> message.contains("'list' is Array(String)"))
                                .anyMatch(message -> message.contains("'free' may be absent"))
                                .anyMatch(message -> message.contains("'_unknown' is Map(String, String)")));
    }

    private EventDefinition load(String partitionBy) throws Exception {
        return load(partitionBy, "order-by: [n]");
    }

    private EventDefinition load(String partitionBy, String more) throws Exception {
        List<String> lines = List.of(
                "cdp: 1",
                "catalog: c",
                "source: //c",
                "events:",
                "  seen:",
                "    table: { partition-by: \"" + partitionBy + "\", " + more + " }",
                "    schema:",
                "      type: object",
                "      required: [n, kind, day, ratio, list]",
                "      properties:",
                "        n: { type: integer }",
                "        kind: { type: string }",
                "        day: { type: string, format: date }",
                "        ratio: { type: number }",
                "        maybe: { type: string }",
                "        list: { type: array, items: { type: string } }",
                "        free: { type: object }");
        Path file = folder.resolve("cdp.yaml");
        java.nio.file.Files.write(file, lines);
        return Catalog.load(file).event("seen").orElseThrow();
    }
}
