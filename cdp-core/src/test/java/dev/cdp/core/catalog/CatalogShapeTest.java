package dev.cdp.core.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The loader, the JSON Schema of {@code cdp.yaml} and its reference page know the same keys and the same shapes. */
final class CatalogShapeTest {

    private static final String RESOURCE = "cdp.schema.json";
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern KNOWN = Pattern.compile("(.+): unknown key 'zzzzzzzz'; known are (.+)");
    private static final Set<String> SHAPE_RULES = Set.of(
            "unknown-key", "missing-key", "bad-value", "expected-mapping", "format", "metric-form", "metric-type");

    @TempDir
    private Path temp;

    private CatalogFolder folder;

    @BeforeEach
    void writeSchema() {
        folder = new CatalogFolder(temp)
                .file(
                        "s.json",
                        "{\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"string\"},\"n\":{\"type\":\"integer\"}}}");
    }

    @Test
    void theLoaderAndTheSchemaKnowTheSameKeys() {
        JsonNode schema = new JsonMapper().readTree(text(RESOURCE));
        Map<String, Set<String>> documented = new TreeMap<>();
        documented.put("catalog", keys(schema));
        documented.put("defaults", keys(schema.at("/$defs/defaults")));
        documented.put("event", keys(schema.at("/$defs/event")));
        documented.put("subject", keys(schema.at("/$defs/event/properties/subject")));
        documented.put("discriminator", keys(schema.at("/$defs/event/properties/discriminator/anyOf/1")));
        documented.put("table", keys(schema.at("/$defs/event/properties/table/anyOf/1")));
        documented.put("dimension", keys(schema.at("/$defs/dimension")));
        documented.put("metric", keys(schema.at("/$defs/metric")));
        documented.put("ratio", keys(schema.at("/$defs/metric/properties/ratio")));
        documented.put("cumulative", keys(schema.at("/$defs/metric/properties/cumulative")));
        documented.put("lint", keys(schema.at("/$defs/lint")));
        documented.put("ignore", keys(schema.at("/$defs/lint/properties/ignore/items")));
        assertThat(keys(schema.at("/$defs/defaults/properties/table")))
                .isEqualTo(Set.of("database", "partition-by", "ttl", "engine", "codec"));

        assertThat(loaderKeys()).isEqualTo(documented);
    }

    @Test
    void everyKeyThatTheLoaderKnowsIsInTheReference() throws IOException {
        String page = Files.readString(DOCS.resolve("cdp-yaml.md"));

        loaderKeys()
                .forEach((form, keys) -> assertThat(keys)
                        .as(form)
                        .allSatisfy(key -> assertThat(page).contains("| `" + key + "` |")));
    }

    @Test
    void everyRuleOfTheLinterIsInItsPageWithItsSeverity() throws IOException {
        List<String> page = Files.readAllLines(DOCS.resolve("lint.md"));

        for (LintRule rule : LintRule.values()) {
            String row = "| `" + rule.id() + "` | " + rule.severity().name().toLowerCase(java.util.Locale.ROOT) + " |";
            assertThat(page).as(rule.id()).anyMatch(line -> line.startsWith(row));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "events: { e: { schema: s.json } }",
                "events: { e: { schema: { type: object } } }",
                "events: { e: { schema: s.json, version: 2, versions: { 1: s.json }, key: /id, topic: a.b, partitions: 3 } }",
                "events: { e: { schema: s.json, discriminator: /id } }",
                "events: { e: { schema: s.json, discriminator: { field: /id, value: x }, mode: warn, table: none } }",
                "events: { e: { schema: s.json, subject: { type: post, id: /id }, table: { name: x, ttl: 400d } } }",
                "events: {}\ndefaults: { topic: 'c.{event}', mode: observe, table: { database: d, ttl: 4h } }",
                """
                events: { e: { schema: s.json } }
                dimensions: { d: { path: /id, description: x } }
                metrics:
                  m: { fact: e, measure: sum, of: /n, by: [d], unit: u, where: 'n > 1', owner: o }
                  q: { fact: e, measure: quantile, of: /n, quantile: 0.5 }
                  c: { fact: e, measure: count }
                  r: { ratio: { numerator: m, denominator: c } }
                  s: { cumulative: { metric: c, window: 7d } }
                lint: { ignore: [ { rule: insert-time, at: '*', reason: x } ] }
                """,
            })
    void whatTheLoaderTakesTheSchemaTakes(String yaml) {
        folder.load(yaml + "\n");

        assertThat(validate(yaml).violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evnts: {}",
                "events: []",
                "events: { e: {} }",
                "events: { e: { schema: s.json, colour: red } }",
                "events: { e: { schema: [s.json] } }",
                "events: { e: { schema: s.json, version: zero } }",
                "events: { e: { schema: s.json, version: 0 } }",
                "events: { e: { schema: s.json, versions: { one: s.json } } }",
                "events: { e: { schema: s.json, mode: Enforce } }",
                "events: { e: { schema: s.json, partitions: -1 } }",
                "events: { e: { schema: s.json, subject: { type: x } } }",
                "events: { e: { schema: s.json, subject: x } }",
                "events: { e: { schema: s.json, table: all } }",
                "events: { e: { schema: s.json, table: { ttl: 400 } } }",
                "events: { e: { schema: s.json, table: { order-by: id } } }",
                "events: { e: { schema: s.json, discriminator: { value: x } } }",
                "events: {}\ndefaults: { mode: sometimes }",
                "events: {}\ndefaults: { table: { name: x } }",
                "events: { e: { schema: s.json } }\ndimensions: { d: {} }",
                "events: { e: { schema: s.json } }\ndimensions: { d: { path: /id, x: 1 } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { measure: count } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: total } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: count, of: /id } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: sum } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: quantile, of: /n } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: quantile, of: /n, quantile: 2 } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: sum, of: /n, quantile: 0.5 } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { ratio: { numerator: m } } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { cumulative: { window: 7d } } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: count, cumulative: { metric: m } } }",
                "events: { e: { schema: s.json } }\nmetrics: { m: { fact: e, measure: count, by: d } }",
                "events: {}\nlint: { ignore: [ { rule: insert-time, at: x } ] }",
                "events: {}\nlint: { ignore: { rule: insert-time } }",
                "events: {}\nlint: { ignore: [ { rule: insert-time, at: x, reason: ' ' } ] }",
            })
    void aShapeThatTheLoaderRefusesTheSchemaRefuses(String yaml) {
        folder.file("cdp.yaml", CatalogFolder.HEAD + yaml + "\n");

        assertThat(Catalog.readAll(temp.resolve("cdp.yaml")).problems())
                .extracting(Problem::rule)
                .anyMatch(SHAPE_RULES::contains);
        assertThat(validate(yaml).valid()).isFalse();
    }

    /** The keys of every form, as the loader lists them where it meets one that it does not know. */
    private Map<String, Set<String>> loaderKeys() {
        folder.file("cdp.yaml", CatalogFolder.HEAD + """
                zzzzzzzz: 1
                defaults: { zzzzzzzz: 1 }
                events:
                  e:
                    zzzzzzzz: 1
                    schema: s.json
                    subject: { type: x, id: /id, zzzzzzzz: 1 }
                    discriminator: { field: /id, zzzzzzzz: 1 }
                    table: { zzzzzzzz: 1 }
                dimensions: { d: { path: /id, zzzzzzzz: 1 } }
                metrics:
                  m: { fact: e, measure: count, zzzzzzzz: 1 }
                  r: { ratio: { numerator: m, denominator: m, zzzzzzzz: 1 } }
                  c: { cumulative: { metric: m, zzzzzzzz: 1 } }
                lint: { zzzzzzzz: 1, ignore: [ { zzzzzzzz: 1, rule: x, at: y, reason: z } ] }
                """);
        Map<String, Set<String>> keys = new TreeMap<>();
        for (Problem problem : Catalog.readAll(temp.resolve("cdp.yaml")).problems()) {
            Matcher matcher = KNOWN.matcher(problem.message());
            if (matcher.matches()) {
                String form = matcher.group(1).replaceFirst(" '.*", "");
                keys.put(form, new TreeSet<>(Arrays.asList(matcher.group(2).split(", "))));
            }
        }
        return keys;
    }

    private static Set<String> keys(JsonNode form) {
        return new TreeSet<>(new ArrayList<>(form.path("properties").propertyNames()));
    }

    private static ValidationReport validate(String yaml) {
        EventSchema schema = EventSchema.parse(
                path -> {
                    throw new NoSuchFileException(path);
                },
                RESOURCE,
                text(RESOURCE));
        YamlNode root = YamlReader.read("cdp.yaml", CatalogFolder.HEAD + yaml + "\n", problem -> {});
        byte[] json = YamlJson.write(root).getBytes(StandardCharsets.UTF_8);
        return EventValidator.of(Catalog.of("cdp", schema)).validate("cdp", json);
    }

    private static String text(String resource) {
        try (InputStream in = Catalog.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
