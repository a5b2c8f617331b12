package dev.cdp.core.catalog;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.cdp.core.schema.Column;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class CatalogTest {

    private static final String POST = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "required": ["actor", "occurred_at", "post"],
              "properties": {
                "actor": {"$ref": "common.json#/$defs/actor"},
                "occurred_at": {"type": "string", "format": "date-time"},
                "post": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                "dwell_ms": {"type": "integer", "minimum": 0, "maximum": 86400000, "description": "How long."},
                "tags": {"type": "array", "items": {"type": "string"}},
                "extra": {"type": "object"}
              }
            }
            """;
    private static final String COMMON = """
            {"$defs": {"actor": {"type": "object", "required": ["id"],
              "properties": {"id": {"type": "string"}, "kind": {"enum": ["person", "page"]}}}}}
            """;

    @TempDir
    private Path temp;

    private CatalogFolder folder;

    @BeforeEach
    void writeSchemas() {
        folder = new CatalogFolder(temp).file("schemas/post.json", POST).file("schemas/common.json", COMMON);
    }

    @Test
    void anEventSaysItsTopicsTableAndColumns() {
        Catalog catalog = folder.load("""
                defaults:
                  partitions: 3
                  table: { database: facts, ttl: 400d }
                events:
                  post_viewed:
                    version: 2
                    owner: feed
                    schema: schemas/post.json
                    key: /actor/id
                    time: /occurred_at
                    subject: { type: post, id: /post/id }
                    table: { order-by: [post_id, event_time] }
                """);

        EventDefinition event = catalog.event("post_viewed").orElseThrow();
        assertThat(event.topic()).isEqualTo("cdp.post_viewed");
        assertThat(event.deadLetterTopic()).isEqualTo("dlq.cdp.post_viewed");
        assertThat(event.partitions()).isEqualTo(3);
        assertThat(event.mode()).isEqualTo(Mode.ENFORCE);
        assertThat(event.dataSchema()).isEqualTo(URI.create("//social.example/post_viewed/2"));
        TableDefinition table = event.table().orElseThrow();
        assertThat(table.database()).isEqualTo("facts");
        assertThat(table.name()).isEqualTo("post_viewed");
        assertThat(table.ttl()).contains(Duration.ofDays(400));
        assertThat(table.orderBy()).containsExactly("post_id", "event_time");
        assertThat(table.columns())
                .extracting(column -> column.name() + " " + column.type().sql())
                .containsExactly(
                        "actor_id String",
                        "actor_kind LowCardinality(Nullable(String))",
                        "occurred_at DateTime64(3, 'UTC')",
                        "post_id String",
                        "dwell_ms Nullable(UInt32)",
                        "tags Array(String)",
                        "extra Nullable(String)");
        assertThat(table.columns()).extracting(Column::description).contains("How long.");
    }

    @Test
    void aPayloadGivesItsKeyTimeAndSubject() {
        Catalog catalog = folder.load("""
                events:
                  post_viewed:
                    schema: schemas/post.json
                    key: /actor/id
                    time: /occurred_at
                    subject: { type: post, id: /post/id }
                """);

        EventFields fields = catalog.event("post_viewed")
                .orElseThrow()
                .fields(utf8("{\"x\":[{\"actor\":1}],\"post\":{\"id\":\"p1\"},\"actor\":{\"id\":7},"
                        + "\"occurred_at\":\"2026-01-01T01:00:00+01:00\"}"));

        assertThat(fields.key()).contains("7");
        assertThat(fields.time()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(fields.subject()).contains("post:p1");
        assertThat(catalog.event("post_viewed").orElseThrow().fields(utf8("[")).key())
                .isEmpty();
    }

    @Test
    void aColumnThatOneVersionLacksIsOptional() {
        folder.file("schemas/post.1.json", """
                {"type": "object", "required": ["occurred_at", "old"], "properties": {
                  "occurred_at": {"type": "string", "format": "date-time"},
                  "old": {"type": "integer"},
                  "dwell_ms": {"type": "integer", "minimum": -5, "maximum": 5}}}
                """);
        Catalog catalog = folder.load("""
                events:
                  post_viewed: { version: 2, schema: schemas/post.json, versions: { 1: schemas/post.1.json } }
                """);

        EventDefinition event = catalog.event("post_viewed").orElseThrow();
        assertThat(event.versions()).containsOnlyKeys(1, 2);
        assertThat(event.table().orElseThrow().columns())
                .extracting(column -> column.name() + " " + column.type().sql())
                .contains(
                        "post_id Nullable(String)",
                        "old Nullable(Int64)",
                        "occurred_at DateTime64(3, 'UTC')",
                        "dwell_ms Nullable(Int64)");
    }

    @Test
    void versionsThatReachOneColumnByDifferentFieldsAreRefused() {
        folder.file("schemas/post.1.json", "{\"properties\": {\"post_id\": {\"type\": \"string\"}}}");
        assertThatThrownBy(() -> folder.load("""
                        events:
                          post_viewed: { version: 2, schema: schemas/post.json, versions: { 1: schemas/post.1.json } }
                        """))
                .hasMessageContaining("column 'post_id' is field /post/id today and field /post_id in version 1");
    }

    @Test
    void aTupleOfTwoVersionsHasTheFieldsOfBoth() {
        folder.file(
                "a.json",
                "{\"properties\":{\"l\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                        + "\"required\":[\"a\",\"b\"],\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9},"
                        + "\"b\":{\"type\":\"string\"}}}}}}");
        folder.file(
                "b.json",
                "{\"properties\":{\"l\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                        + "\"required\":[\"a\",\"c\"],\"properties\":{\"a\":{\"type\":\"integer\"},"
                        + "\"c\":{\"type\":\"boolean\"}}}}}}");
        Catalog catalog = folder.load("events: { e: { version: 2, schema: b.json, versions: { 1: a.json } } }\n");

        assertThat(catalog.event("e").orElseThrow().table().orElseThrow().columns())
                .extracting(column -> column.type().sql())
                .containsExactly("Array(Tuple(a Int64, c Nullable(Bool), b Nullable(String)))");
    }

    @Test
    void aSchemaMayStandInline() {
        Catalog catalog = folder.load("""
                events:
                  ping:
                    table: none
                    schema:
                      type: object
                      required: [on]
                      properties:
                        on: { type: boolean }
                        text: { const: "true" }
                """);

        assertThat(catalog.event("ping").orElseThrow().schema().text())
                .isEqualTo("{\"type\":\"object\",\"required\":[\"on\"],\"properties\":{\"on\":{\"type\":\"boolean\"},"
                        + "\"text\":{\"const\":\"true\"}}}");
        assertThat(catalog.event("ping").orElseThrow().table()).isEmpty();
    }

    @Test
    void everyProblemIsReportedAtOnceWithItsPlace() {
        InvalidCatalogException e = catchThrowableOfType(InvalidCatalogException.class, () -> folder.load("""
                        defalts: {}
                        events:
                          Post-Viewed: { schema: schemas/nope.json }
                          post_viewed:
                            schema: schemas/post.json
                            key: /actor/ids
                            time: /post/id
                            mode: Enforce
                            version: zero
                            topic: "a topic"
                            table: { order-by: [pots_id, dwell_ms], colour: red }
                        """));

        assertThat(e.problems())
                .extracting(problem -> problem.line() + " " + problem.rule())
                .containsExactly(
                        "4 unknown-key",
                        "6 event-name",
                        "6 schema-file",
                        "9 unknown-field",
                        "10 time-type",
                        "11 bad-value",
                        "12 bad-value",
                        "13 topic-name",
                        "14 unknown-column",
                        "14 nullable-key",
                        "14 unknown-key");
        assertThat(e)
                .hasMessageContaining("did you mean 'defaults'?")
                .hasMessageContaining("did you mean '/actor/id'?")
                .hasMessageContaining("did you mean 'post_id'?")
                .hasMessageContaining("cdp.yaml:9:10: key: the schema declares no field '/actor/ids'");
    }

    @Test
    void aMissingFileSaysWhatACatalogIs() {
        assertThatThrownBy(() -> Catalog.load(temp.resolve("absent/cdp.yaml")))
                .isInstanceOf(InvalidCatalogException.class)
                .hasMessageContaining("absent/cdp.yaml")
                .hasMessageContaining("begins with 'cdp: 1'");
        assertThatThrownBy(() -> Catalog.fromClasspath("nowhere/cdp.yaml"))
                .isInstanceOf(InvalidCatalogException.class)
                .hasMessageContaining("nowhere/cdp.yaml on the class path");
    }

    @Test
    void whatMakesYamlDangerousIsRefused() {
        assertRefused("events: &all {}\nx: *all\n", "yaml-anchor", "yaml-alias");
        assertRefused("events: !!java.net.URL [x]\n", "yaml-tag");
        assertRefused("events: {}\nevents: {}\n", "yaml-duplicate");
        assertRefused("events: {}\n---\nevents: {}\n", "yaml");
        assertRefused("events: [\n", "yaml");
        assertRefused("events: " + "[".repeat(1000) + "\n", "yaml");
    }

    @Test
    void nothingOutsideTheFolderIsRead() throws Exception {
        Files.writeString(temp.resolve("secret.json"), "{}");
        Files.createDirectories(temp.resolve("inner"));
        Files.createSymbolicLink(temp.resolve("inner/link.json"), temp.resolve("secret.json"));
        CatalogFolder inner = new CatalogFolder(temp.resolve("inner"))
                .file("ref.json", "{\"properties\":{\"a\":{\"$ref\":\"../secret.json\"}}}")
                .file("http.json", "{\"properties\":{\"a\":{\"$ref\":\"http://127.0.0.1:1/x.json\"}}}");

        for (String path : List.of("../secret.json", "/etc/passwd", "link.json", "ref.json", "http.json")) {
            assertThatThrownBy(() -> inner.load("events: { a: { schema: " + path + " } }\n"))
                    .as(path)
                    .isInstanceOf(InvalidCatalogException.class)
                    .hasMessageContaining("leaves the catalog");
        }
    }

    @Test
    void namesThatClashAsColumnsAreRefused() {
        folder.file("clash.json", """
                {"properties": {"a_b": {"type": "string"}, "event_id": {"type": "string"},
                  "a": {"type": "object", "properties": {"b": {"type": "string"}}}}}
                """);

        assertThatThrownBy(() -> folder.load("events: { a: { schema: clash.json } }\n"))
                .hasMessageContaining("fields /a_b and /a/b would both be column 'a_b'")
                .hasMessageContaining("field /event_id would be column 'event_id', which every table has already");
    }

    @Test
    void theHashChangesWithAnySchema() {
        String yaml = "events: { a: { schema: schemas/post.json } }\n";
        String before = folder.load(yaml).hash();

        assertThat(folder.load(yaml).hash()).isEqualTo(before);
        assertThat(folder.file("schemas/common.json", COMMON.replace("page", "club"))
                        .load(yaml)
                        .hash())
                .isNotEqualTo(before);
    }

    private void assertRefused(String yaml, String... rules) {
        assertThatThrownBy(() -> folder.load(yaml))
                .isInstanceOfSatisfying(
                        InvalidCatalogException.class,
                        e -> assertThat(e.problems()).extracting(Problem::rule).contains(rules));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
