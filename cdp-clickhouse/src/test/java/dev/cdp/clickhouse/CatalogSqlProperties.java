package dev.cdp.clickhouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.clickhouse.metrics.MetricCompiler;
import dev.cdp.clickhouse.metrics.MetricQuery;
import dev.cdp.clickhouse.metrics.RollupPlan;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.InvalidCatalogException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** No text of a catalog reaches SQL outside a literal or a quoted name. */
final class CatalogSqlProperties {

    /** Stands in every text, and in no word of ours; a name that holds it must be quoted. */
    private static final String MARK = "zq-x";

    /** As ClickHouse's lexer has it: a literal and a quoted name end at their quote, if no backslash stands before it. */
    private static final Pattern QUOTED =
            Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*+'|`(?:[^`\\\\]|\\\\.|``)*+`", Pattern.DOTALL);

    @Property(tries = 300)
    void noTextStandsOutsideQuotes(
            @ForAll("texts") String description,
            @ForAll("texts") String name,
            @ForAll("texts") String field,
            @ForAll("expressions") String expression,
            @ForAll("texts") String value)
            throws Exception {
        String sql = sql(description, name, field, expression, value);
        Statistics.collect(!sql.isEmpty());
        assertThat(unquoted(sql)).doesNotContain(MARK, "hostName");
    }

    private static String unquoted(String sql) {
        Matcher quoted = QUOTED.matcher(sql);
        String rest = quoted.replaceAll(" ");
        assertThat(rest)
                .as("every quote is closed in: " + sql)
                .doesNotContain("'")
                .doesNotContain("`");
        assertThat(sql.chars().filter(c -> c < ' ' && c != '\n')).as(sql).isEmpty();
        return rest;
    }

    /** What the catalog becomes, or empty where it is refused, as it mostly is with an expression. */
    private static String sql(String description, String name, String field, String expression, String value)
            throws Exception {
        StringBuilder sql = new StringBuilder();
        for (String key : List.of("toYYYYMM(event_time)", expression)) {
            for (String type : List.of("String", expression)) {
                Catalog catalog = catalog("""
                        events:
                          e:
                            description: %s
                            table: { partition-by: %s, order-by: [n], codec: ZSTD(3) }
                            schema:
                              type: object
                              required: [n]
                              properties:
                                n: { type: integer, description: %s }
                                %s: { type: string }
                                typed: { x-clickhouse-type: %s }
                                list: { type: array, items: { type: object, properties: { a: { type: string }, %s: { type: string } } } }
                        dimensions:
                          d: { path: %s, description: %s }
                        metrics:
                          m: { fact: e, measure: count, description: %s, by: [d], where: %s }
                        """.formatted(
                                json(description),
                                json(key),
                                json(description),
                                json(name),
                                json(type),
                                json(field),
                                json("/" + name.replace("~", "~0").replace("/", "~1")),
                                json(description),
                                json(description),
                                json("n > 1 and typed != '" + value.replace("'", "''") + "'")));
                if (catalog != null) {
                    EventDefinition event = catalog.event("e").orElseThrow();
                    sql.append(new TableDdl(TableLayout.SINGLE)
                            .createTable(event, event.table().orElseThrow()));
                    sql.append('\n')
                            .append(MetricCompiler.of(catalog)
                                    .compile(MetricQuery.of("m").by("d").build(), List.of())
                                    .sql());
                    RollupPlan.of(catalog)
                            .rollups()
                            .forEach(rollup -> sql.append('\n')
                                    .append(rollup.createTable())
                                    .append('\n')
                                    .append(rollup.createView())
                                    .append('\n'));
                }
            }
        }
        return sql.toString();
    }

    private static @Nullable Catalog catalog(String rest) throws IOException {
        Path folder = Files.createTempDirectory("cdp-catalog");
        Path file = folder.resolve("cdp.yaml");
        try {
            Files.writeString(file, "cdp: 1\ncatalog: c\nsource: //c\n" + rest);
            return Catalog.load(file);
        } catch (InvalidCatalogException e) {
            return null;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return pieces(List.of(
                        "'",
                        "''",
                        "\\",
                        "\\\\",
                        "`",
                        "``",
                        "\"",
                        "\n",
                        "\r",
                        "\t",
                        "\u0000",
                        "--",
                        "/*",
                        "*/",
                        "#",
                        ";",
                        "(",
                        ")",
                        ",",
                        "{" + MARK + ":Identifier}",
                        "{p:String}",
                        "hostName()",
                        "$$",
                        "$x$",
                        "?",
                        " ",
                        MARK,
                        "👍",
                        "\u2019",
                        ".",
                        "%s",
                        "a"))
                .map(text -> text + MARK);
    }

    @Provide
    Arbitrary<String> expressions() {
        return pieces(List.of(
                "n",
                "event_time",
                "toYYYYMM(",
                "(",
                ")",
                ",",
                "'",
                "hostName()",
                "`" + MARK + "`",
                " ",
                "--",
                "/*",
                "{n:Int8}",
                "String",
                "Nullable(",
                "Tuple(a String, `" + MARK + "` ",
                "Array(",
                "LowCardinality(",
                "DateTime64(3, '",
                "UTC",
                "1",
                "\\",
                "`",
                "cityHash64(",
                "intDiv(n, ",
                "\u0000",
                "tuple()"));
    }

    private static Arbitrary<String> pieces(List<String> pieces) {
        return Arbitraries.of(pieces).list().ofMinSize(1).ofMaxSize(6).map(parts -> String.join("", parts));
    }

    private static String json(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
