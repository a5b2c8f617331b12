package dev.cdp.core.catalog;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.cdp.core.catalog.Condition.Comparison;
import dev.cdp.core.catalog.Condition.Literal;
import dev.cdp.core.catalog.Condition.Operator;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class CatalogMetricsTest {

    private static final String VIEWED = """
            {"required": ["actor", "at", "dwell_ms", "promoted", "country"], "properties": {
              "actor": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
              "at": {"type": "string", "format": "date-time"},
              "dwell_ms": {"type": "integer", "minimum": 0, "maximum": 86400000},
              "promoted": {"type": "boolean"},
              "country": {"type": "string"},
              "surface": {"enum": ["feed", "search"]},
              "tags": {"type": "array", "items": {"type": "string"}},
              "day": {"type": "string", "format": "date"}}}
            """;
    private static final String EVENTS = """
            events:
              viewed: { schema: viewed.json, time: /at }
              loaded: { schema: loaded.json }
              pinged: { schema: loaded.json, table: none, topic: pings }
            dimensions:
              country: { path: /country, description: Where. }
              surface: { path: /surface }
            """;

    @TempDir
    private Path temp;

    private CatalogFolder folder;

    @BeforeEach
    void writeSchemas() {
        folder = new CatalogFolder(temp)
                .file("viewed.json", VIEWED)
                .file("loaded.json", "{\"required\":[\"country\"],\"properties\":{\"country\":{\"type\":\"string\"}}}");
    }

    @Test
    void aMetricSaysWhatItAggregatesAndByWhat() {
        Catalog catalog = folder.load(EVENTS + """
                metrics:
                  views: { fact: viewed, measure: count, by: [country, surface], description: Views., owner: feed }
                  loads: { fact: loaded, measure: count, by: [country] }
                  p95:
                    fact: viewed
                    measure: quantile
                    quantile: 0.95
                    of: /dwell_ms
                    unit: ms
                    where: "dwell_ms > 1000"
                  per_load: { ratio: { numerator: views, denominator: loads } }
                  views_28d: { cumulative: { metric: views, window: 28d }, by: [country] }
                """);

        Metric.Aggregate p95 = (Metric.Aggregate) catalog.metric("p95").orElseThrow();
        assertThat(p95.fact()).isSameAs(catalog.event("viewed").orElseThrow());
        assertThat(p95.measure()).isEqualTo(Measure.QUANTILE);
        assertThat(p95.of())
                .hasValueSatisfying(column -> assertThat(column.name()).isEqualTo("dwell_ms"));
        assertThat(p95.level()).isEqualTo(0.95);
        assertThat(p95.where())
                .contains(new Comparison(
                        p95.of().orElseThrow(), Operator.GREATER, new Literal.Numeric(new BigDecimal("1000"))));
        assertThat(p95.rollup()).isEqualTo(Metric.Rollup.NONE);
        Metric.Aggregate views = (Metric.Aggregate) catalog.metric("views").orElseThrow();
        assertThat(views.by()).extracting(Dimension::name).containsExactly("country", "surface");
        assertThat(views.rollup()).isEqualTo(Metric.Rollup.SUM);
        assertThat(views.description() + views.owner()).isEqualTo("Views.feed");
        Metric.Ratio ratio = (Metric.Ratio) catalog.metric("per_load").orElseThrow();
        assertThat(ratio.numerator()).isSameAs(views);
        assertThat(ratio.by()).as("what both have").extracting(Dimension::name).containsExactly("country");
        Metric.Cumulative cumulative =
                (Metric.Cumulative) catalog.metric("views_28d").orElseThrow();
        assertThat(cumulative.window()).contains(Duration.ofDays(28));
        assertThat(cumulative.metric()).isSameAs(views);
        assertThat(catalog.metrics())
                .extracting(Metric::name)
                .containsExactly("views", "loads", "p95", "per_load", "views_28d");
        assertThat(catalog.dimension("country").orElseThrow().column(views.fact()))
                .hasValueSatisfying(column -> assertThat(column.name()).isEqualTo("country"));
    }

    @Test
    void aDistinctCountOrQuantileMayBeApproximate() {
        Catalog catalog = folder.load(EVENTS + """
                metrics:
                  people: { fact: viewed, measure: distinct, of: /actor/id }
                  about: { fact: viewed, measure: distinct, of: /actor/id, approximate: true }
                  median: { fact: viewed, measure: quantile, quantile: 0.5, of: /dwell_ms, approximate: true }
                """);

        assertThat(catalog.metrics())
                .extracting(metric -> ((Metric.Aggregate) metric).precision())
                .containsExactly(Metric.Precision.EXACT, Metric.Precision.APPROXIMATE, Metric.Precision.APPROXIMATE);
        assertThatThrownBy(() -> folder.load(EVENTS + """
                        metrics:
                          views: { fact: viewed, measure: count, approximate: true }
                        """))
                .isInstanceOf(InvalidCatalogException.class)
                .hasMessageContaining("approximate: belongs to 'measure: distinct'");
    }

    @Test
    void aConditionIsReadOverColumnsOfTheCallers() {
        Column country = new Column("country", "/geo/country", new ColumnType.Text(), "");

        assertThat(Condition.read(
                        "country = 'DE'", name -> name.equals("country") ? Optional.of(country) : Optional.empty()))
                .isEqualTo(new Comparison(country, Operator.EQUAL, new Literal.Text("DE")));
        assertThatThrownBy(() -> Condition.read("x = 'DE'", name -> Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no 'x' here");
    }

    @Test
    void metricsMayNameEachOtherInAnyOrder() {
        Catalog catalog = folder.load(EVENTS + """
                metrics:
                  last: { ratio: { numerator: middle, denominator: first } }
                  middle: { ratio: { numerator: first, denominator: first } }
                  first: { fact: viewed, measure: count }
                """);

        assertThat(catalog.metrics()).extracting(Metric::name).containsExactly("last", "middle", "first");
    }

    @Test
    void everyWrongReferenceIsReportedAtOnceWithItsPlace() {
        InvalidCatalogException e =
                catchThrowableOfType(InvalidCatalogException.class, () -> folder.load(EVENTS + """
                          tags: { path: /tags }
                          nowhere: { path: /countri }
                          plain: { path: country }
                        metrics:
                          a: { fact: veiwed, measure: count }
                          b: { fact: viewed, measure: summ, of: /dwell_ms }
                          c: { fact: viewed, measure: sum, of: /dwel_ms }
                          d: { fact: viewed, measure: sum, of: /country }
                          e: { fact: viewed, measure: count, of: /dwell_ms }
                          f: { fact: viewed, measure: count, by: [contry, surface] }
                          g: { fact: loaded, measure: count, by: [surface] }
                          h: { fact: viewed, measure: count, where: "dwel_ms > 1" }
                          i: { fact: viewed, measure: count, where: "dwell_ms > 'x'" }
                          j: { fact: pinged, measure: count }
                          k: { ratio: { numerator: a, denominator: viewss } }
                          l: { ratio: { numerator: m, denominator: ok } }
                          m: { ratio: { numerator: l, denominator: ok } }
                          n: { cumulative: { metric: p } }
                          o: { fact: viewed, ratio: { numerator: ok, denominator: ok } }
                          p: { fact: viewed, measure: distinct, of: /actor/id }
                          q: { fact: viewed, measure: quantile, of: /dwell_ms }
                          r: { fact: viewed, measure: distinct, of: /tags }
                          s: { ratio: { numerator: ok, denominator: ok }, where: "x = 1" }
                          t: { colour: red }
                          country: { fact: viewed, measure: count }
                          ok: { fact: viewed, measure: count }
                        """));

        assertThat(e.problems())
                .extracting(problem -> problem.line() + " " + problem.rule())
                .containsExactly(
                        "11 dimension-type",
                        "12 unknown-field",
                        "13 unknown-field",
                        "15 unknown-fact",
                        "16 bad-value",
                        "17 unknown-field",
                        "18 metric-type",
                        "19 metric-type",
                        "20 unknown-dimension",
                        "21 unreachable-dimension",
                        "22 unknown-column",
                        "23 where",
                        "24 fact-without-table",
                        "25 unknown-metric",
                        "27 metric-cycle",
                        "28 metric-not-additive",
                        "29 metric-form",
                        "31 missing-key",
                        "32 metric-type",
                        "33 metric-form",
                        "34 metric-form",
                        "34 unknown-key",
                        "35 name-clash");
        assertThat(e)
                .hasMessageContaining("did you mean '/country'?")
                .hasMessageContaining("did you mean 'viewed'?")
                .hasMessageContaining("did you mean '/dwell_ms'?")
                .hasMessageContaining("did you mean 'country'?")
                .hasMessageContaining("did you mean 'dwell_ms'?");
    }

    @Test
    void whatRefersToABrokenEventIsNotReportedASecondTime() {
        folder.file("viewed.json", "{ broken");

        InvalidCatalogException e =
                catchThrowableOfType(InvalidCatalogException.class, () -> folder.load(EVENTS + """
                metrics:
                  views: { fact: viewed, measure: count, by: [surface] }
                  long: { fact: viewed, measure: count, where: "dwell_ms > 1" }
                  rate: { ratio: { numerator: views, denominator: long } }
                """));

        assertThat(e.problems()).extracting(Problem::rule).containsExactly("schema-json");
        assertThat(e.problems().get(0).place()).isEqualTo("viewed.json:1:3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dwell_ms > 1000",
                "dwell_ms >= -1.5 and not promoted",
                "promoted",
                "promoted = false or country <> 'DE'",
                "country in ('DE', 'it''s') and surface not in ('feed')",
                "surface is not null",
                "(dwell_ms between 1 and 10 or dwell_ms=5) and (country != 'x')",
                "at >= '2026-01-01T00:00:00Z' and day < '2026-02-01'",
                "event_version = 2 and `country` = 'DE'",
            })
    void aConditionIsRead(String where) {
        Metric.Aggregate metric =
                (Metric.Aggregate) folder.load(counting(where)).metric("m").orElseThrow();

        assertThat(metric.where()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "DWELL_MS > 1 | column 'DWELL_MS'",
                "dwell_ms | a comparison with dwell_ms",
                "dwell_ms > | found the end",
                "dwell_ms = null | write 'is null'",
                "country = DE | texts stand in single quotes",
                "country = 5 | 'text' in single quotes, found '5'",
                "promoted = 1 | true or false",
                "at > '2026-01-01' | a time such as",
                "tags = 'a' | can only be asked for null",
                "country = 'a'; drop table x | cannot be read from character 14",
                "dwell_ms > 1 -- x | cannot be read",
                "sleep(3) = 1 | no column 'sleep'",
                "dwell_ms not > 1 | 'in' or 'between'",
                "(dwell_ms > 1 | expected ')'",
                "dwell_ms > 1 country = 'x' | expected 'and', 'or' or the end at character 14",
            })
    void aConditionThatCannotBeReadGoesNowhere(String where, String problem) {
        assertThatThrownBy(() -> folder.load(counting(where))).hasMessageContaining(problem);
    }

    @Test
    void andBindsMoreTightlyThanOr() {
        Metric.Aggregate metric =
                (Metric.Aggregate) folder.load(EVENTS + """
                metrics:
                  m: { fact: viewed, measure: count, where: "promoted or not promoted and country = 'x'" }
                """).metric("m").orElseThrow();

        assertThat(metric.where()).hasValueSatisfying(where -> {
            List<Condition> any = ((Condition.Or) where).any();
            assertThat(any.get(0)).isInstanceOf(Comparison.class);
            assertThat(any.get(1))
                    .isInstanceOfSatisfying(
                            Condition.And.class,
                            and -> assertThat(and.all().get(0)).isInstanceOf(Condition.Not.class));
        });
    }

    @Test
    void aConditionNestedWithoutEndIsRefused() {
        String deep = "(".repeat(1_900) + "promoted" + ")".repeat(1_900);
        String nots = "not ".repeat(900) + "promoted";
        for (String where : List.of(deep, nots, "promoted" + " or promoted".repeat(1_000))) {
            assertThatThrownBy(() -> folder.load(
                            EVENTS + "metrics:\n  m: { fact: viewed, measure: count, where: \"" + where + "\" }\n"))
                    .isInstanceOf(InvalidCatalogException.class)
                    .hasMessageMatching("(?s).*(nested deeper than 50|at most 4000 characters).*");
        }
    }

    @Test
    void aLongChainOfRatiosIsRefused() {
        StringBuilder chain = new StringBuilder("metrics:\n  m0: { fact: viewed, measure: count }\n");
        for (int i = 5_000; i > 0; i--) {
            chain.append("  m" + i + ": { ratio: { numerator: m" + (i - 1) + ", denominator: m0 } }\n");
        }

        assertThatThrownBy(() -> folder.load(EVENTS + chain))
                .isInstanceOf(InvalidCatalogException.class)
                .hasMessageContaining("metric-cycle");
    }

    @Test
    void discriminatorsOfOneTopicAgreeOnTheirFieldAndDifferInTheirValues() {
        InvalidCatalogException e = catchThrowableOfType(InvalidCatalogException.class, () -> folder.load("""
                events:
                  a: { schema: viewed.json, topic: t, discriminator: /country }
                  b: { schema: viewed.json, topic: t, discriminator: { field: /surface, value: x } }
                  c: { schema: viewed.json, topic: t, discriminator: { field: /country, value: a } }
                  d: { schema: viewed.json, topic: t, discriminator: /contry }
                  e: { schema: viewed.json, topic: t, discriminator: { value: a } }
                  f: { schema: viewed.json, topic: other, discriminator: { field: /country, value: a, x: 1 } }
                """));

        assertThat(e.problems())
                .extracting(problem -> problem.line() + " " + problem.rule())
                .containsExactly(
                        "6 discriminator-field",
                        "7 discriminator-clash",
                        "8 unknown-field",
                        "9 missing-key",
                        "10 unknown-key");
    }

    private static String counting(String where) {
        return EVENTS + "metrics:\n  m: { fact: viewed, measure: count, where: \"" + where + "\" }\n";
    }
}
