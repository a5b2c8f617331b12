package dev.cdp.clickhouse;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.KeyFunction;
import dev.cdp.core.schema.ColumnType;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a catalog says becomes a table of the real engine that is what was said, and nothing else. */
@CdpTest
final class CatalogSqlTest {

    private final Fixture fixture;

    CatalogSqlTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    /** Each closes what it might stand in, and goes on with what would be seen. */
    @Test
    void aDescriptionIsAComment() throws Exception {
        List<String> hostile = List.of(
                "it's",
                "'; DROP TABLE x; --",
                "\\', x String DEFAULT hostName(), y String COMMENT \\'",
                "\\",
                "\\\\'",
                "*/ /* -- #",
                "{param:Identifier} {p:String} ?",
                "`\"$$",
                "one\ntwo\r\n\tthree",
                "a\u0000b\u0001\u001b[2J",
                "'||hostName()||'",
                "$heredoc$ ' $heredoc$",
                "\u2018\u2019\u02bc ＇ 👍");
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < hostile.size(); i++) {
            fields.append(i == 0 ? "" : ", ")
                    .append("n" + i + ": { type: integer, description: " + yaml(hostile.get(i)) + " }");
        }
        String all = String.join("", hostile);
        try (ClickHouseSink sink = fixture.sink(fixture.catalog(
                "e: { description: " + yaml(all) + ", schema: { type: object, properties: { " + fields + " } } }\n"))) {
            sink.migrate();
            sink.migrate();
        }
        assertThat(fixture.query("SELECT hex(comment) FROM system.tables WHERE database = '{db}' AND name = 'e'"))
                .isEqualTo(hex(all));
        assertThat(fixture.query(
                        "SELECT hex(comment) FROM system.columns WHERE database = '{db}' AND table = 'e' AND name"
                                + " LIKE 'n%' ORDER BY position"))
                .isEqualTo(hostile.stream().map(CatalogSqlTest::hex).collect(Collectors.joining("\n")));
        assertThat(fixture.query(
                        "SELECT count(), countIf(default_kind != '') FROM system.columns WHERE database = '{db}' AND"
                                + " table = 'e'"))
                .isEqualTo((10 + hostile.size()) + "\t0");
    }

    @Test
    void aNameIsAName() throws Exception {
        List<String> hostile =
                List.of("a` b", "a\\` String, b", "a'b", "a--b", "{p:Identifier}", "a/*", "ä👍 ", "\\", "?");
        String properties = hostile.stream()
                .map(name -> yaml(name) + ": { type: integer }")
                .collect(Collectors.joining(", ", "{ ", " }"));
        String schema = "{ type: object, properties: " + properties.replace("integer", "integer, minimum: 0") + " }";
        Catalog catalog = fixture.catalog("named: { schema: { type: object, properties: { list: { type: array, items: "
                + schema + " }, " + properties.substring(2) + " } }\n");
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            sink.migrate();
            String object = hostile.stream().map(name -> yaml(name) + ":7").collect(Collectors.joining(",", "{", "}"));
            String payload = object.substring(0, object.length() - 1) + ",\"list\":[" + object + "]}";
            assertThat(sink.write(Fixture.batch(0, 1, List.of(Fixture.event(0, "named", payload)))))
                    .isEqualTo(SinkResult.stored(1));
        }
        assertThat(fixture.query("SELECT count() FROM system.columns WHERE database = '{db}' AND table = 'named' AND"
                        + " type = 'Nullable(Int64)' AND hex(name) IN ("
                        + hostile.stream().map(name -> "'" + hex(name) + "'").collect(Collectors.joining(", ")) + ")"))
                .isEqualTo(String.valueOf(hostile.size()));
        assertThat(fixture.query("SELECT list FROM {db}.named"))
                .isEqualTo("[(" + "7,".repeat(hostile.size() - 1) + "7)]");
    }

    /** Neither as a column nor as an element; {@code null} and {@code size0} end the server as an element's. */
    @Test
    void aWordOfSqlIsAName() throws Exception {
        List<String> words = List.of(
                "all",
                "and",
                "any",
                "array",
                "as",
                "asc",
                "between",
                "by",
                "case",
                "cast",
                "codec",
                "columns",
                "count",
                "date",
                "default",
                "desc",
                "distinct",
                "end",
                "exists",
                "extract",
                "false",
                "final",
                "format",
                "from",
                "group",
                "having",
                "if",
                "in",
                "inf",
                "interval",
                "into",
                "is",
                "join",
                "key",
                "limit",
                "map",
                "materialized",
                "mod",
                "nan",
                "not",
                "NULL",
                "null",
                "offset",
                "on",
                "or",
                "order",
                "prewhere",
                "sample",
                "select",
                "set",
                "settings",
                "table",
                "then",
                "timestamp",
                "true",
                "tuple",
                "union",
                "update",
                "using",
                "values",
                "view",
                "when",
                "where",
                "with",
                "size0",
                "size1",
                "keys",
                "String",
                "Nullable",
                "Tuple",
                "_table",
                "_x",
                "1",
                "2");
        String properties = words.stream()
                .map(word -> "\"" + word + "\": { type: integer }")
                .collect(Collectors.joining(", ", "{ ", " }"));
        String lists = words.stream()
                .map(word -> "\"" + word + "s\": { type: array, items: { type: object, properties: { \"" + word
                        + "\": { type: integer }, b: { type: integer } } } }")
                .collect(Collectors.joining(", ", "{ ", " }"));
        Catalog catalog = fixture.catalog("words: { schema: { type: object, properties: " + properties
                + " } }\nlists: {" + " schema: { type: object, properties: " + lists + " } }\n");
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.lists MODIFY SETTING min_bytes_for_wide_part = 0");
            assertThat(Migration.of(catalog, fixture.clickHouse(), TableLayout.SINGLE)
                            .plan())
                    .isEmpty();
            String object = words.stream().map(word -> "\"" + word + "\":7").collect(Collectors.joining(",", "{", "}"));
            String nested = words.stream()
                    .map(word -> "\"" + word + "s\":[{\"" + word + "\":7,\"b\":8}]")
                    .collect(Collectors.joining(",", "{", "}"));
            assertThat(sink.write(Fixture.batch(
                            0, 2, List.of(Fixture.event(0, "words", object), Fixture.event(1, "lists", nested)))))
                    .isEqualTo(SinkResult.stored(2));
        }
        assertThat(fixture.query(
                        "SELECT tuple(* EXCEPT (event_id, event_time, event_version, _topic, _topic_id, _partition,"
                                + " _offset, _replay, _loaded_at, _unknown)) FROM {db}.words"))
                .isEqualTo("(" + "7,".repeat(words.size() - 1) + "7)");
        assertThat(fixture.query("SELECT orders, nulls, size0s, froms, _unknown FROM {db}.lists FORMAT TSVRaw"))
                .isEqualTo("[(7,8)]\t['{\"null\":7,\"b\":8}']\t['{\"size0\":7,\"b\":8}']\t[(7,8)]\t{}");
    }

    /** What has a dot in its name is not a part of something. */
    @Test
    void aDotInANameMakesNoNestedColumn() throws Exception {
        Catalog catalog = fixture.catalog("""
                dotted:
                  schema:
                    type: object
                    properties:
                      items.sku: { type: array, items: { type: string } }
                      items.qty: { type: array, items: { type: integer } }
                      id: { type: string }
                      id.tags: { type: array, items: { type: string } }
                      id.null: { type: string }
                      p: { type: array, items: { type: object, properties: { a.b: { type: array, items: { type: string } },
                        a: { type: object, properties: { c: { type: string } } }, a.null: { type: string } } } }
                      p.size0: { type: string }
                """);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            fixture.query("ALTER TABLE {db}.dotted MODIFY SETTING min_bytes_for_wide_part = 0");
            assertThat(sink.write(Fixture.batch(
                            0,
                            2,
                            List.of(
                                    Fixture.event(0, "dotted", """
                                    {"items.sku":["a","b","c"],"items.qty":[1],"id":"x","id.tags":["t","u"],"id.null":"n",
                                     "p":[{"a.b":["q","r"],"a":{"c":"s"},"a.null":"v"}],"p.size0":"w"}
                                    """),
                                    Fixture.event(1, "dotted", "{\"items.qty\":[2,3]}")))))
                    .isEqualTo(SinkResult.stored(2));
        }
        fixture.query("OPTIMIZE TABLE {db}.dotted FINAL");
        assertThat(fixture.query(
                        "SELECT items_sku, items_qty, id, id_tags, id_null, p, p_size0 FROM {db}.dotted ORDER BY"
                                + " _offset FORMAT TSVRaw"))
                .isEqualTo("['a','b','c']\t[1]\tx\t['t','u']\tn\t[(['q','r'],'s','v')]\tw\n"
                        + "[]\t[2,3]\t\\N\t[]\t\\N\t[]\t\\N");
    }

    @Test
    void everyKeyOfTheGrammarMakesATableThatTakesItsRows() throws Exception {
        List<String> keys = new ArrayList<>(List.of(
                "tuple()", "kind", "`day`", "(kind, toYYYYMM(event_time))", "tuple(n, truth)", "uuid", "price"));
        for (KeyFunction function : KeyFunction.values()) {
            switch (function) {
                case INT_DIV, MODULO -> keys.add(function.sql() + "(n, 999999999999999999)");
                case CITY_HASH_64, SIP_HASH_64, XX_HASH_64 ->
                    keys.add("modulo(" + function.sql() + "(kind, n, day, uuid), 3)");
                case TO_START_OF_HOUR -> keys.add(function.sql() + "(at, 'Asia/Kathmandu')");
                case TO_START_OF_WEEK -> keys.add("(" + function.sql() + "(at), " + function.sql() + "(day))");
                default ->
                    keys.add("(" + function.sql() + "(at), " + function.sql() + "(day), " + function.sql()
                            + "(at, 'Asia/Tokyo'))");
            }
        }
        String schema = "{ type: object, required: [n, kind, day, at, truth, uuid, price], properties: { n: { type:"
                + " integer }, kind: { type: string }, day: { type: string, format: date }, at: { type: string, format:"
                + " date-time }, truth: { type: boolean }, uuid: { type: string, format: uuid }, price: { type: number,"
                + " multipleOf: 0.01 } } }";
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            events.append("e" + i + ": { table: { partition-by: \"" + keys.get(i) + "\" }, schema: " + schema + " }\n");
        }
        Catalog catalog = fixture.catalog(events.toString());
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            assertThat(Migration.of(catalog, fixture.clickHouse(), TableLayout.SINGLE)
                            .plan())
                    .isEmpty();
            List<SinkEvent> rows = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                rows.add(edge(2L * i, i, "1900-01-01", Long.MIN_VALUE));
                rows.add(edge(2L * i + 1, i, "2299-12-31", Long.MAX_VALUE));
            }
            assertThat(sink.write(Fixture.batch(0, rows.size(), rows))).isEqualTo(SinkResult.stored(rows.size()));
        }
    }

    private static SinkEvent edge(long offset, int event, String day, long n) {
        return Fixture.event(
                offset,
                "e" + event,
                Instant.parse(day + "T00:00:00Z"),
                "{\"n\":" + n + ",\"kind\":\"\",\"day\":\"" + day + "\",\"at\":\"" + day
                        + "T12:00:00Z\",\"truth\":true,\"uuid\":\"00000000-0000-0000-0000-000000000000\",\"price\":-0.01}");
    }

    /** What the catalog takes as a type the server takes in a table, and every zone of the one is one of the other. */
    @Test
    void everyTypeOfTheGrammarIsOneOfATable() {
        List<String> types = new ArrayList<>(List.of(
                "Int8",
                "UInt64",
                "Float32",
                "Float64",
                "Bool",
                "String",
                "UUID",
                "IPv4",
                "IPv6",
                "Date32",
                "DateTime64(0)",
                "DateTime64(9, 'Europe/Berlin')",
                "Decimal(76, 0)",
                "Decimal(1, 1)",
                "JSON",
                "Tuple(a String, `b c` Int8)"));
        List<String> wrapped = new ArrayList<>(types);
        for (int depth = 0; depth < 2; depth++) {
            List<String> next = new ArrayList<>();
            for (String form : List.of(
                    "Nullable(%s)",
                    "LowCardinality(%s)", "Array(%s)", "Map(String, %s)", "Tuple(x %s)", "Tuple(`x`%s)")) {
                wrapped.forEach(type -> next.add(form.formatted(type)));
            }
            types.addAll(next);
            wrapped = next;
        }
        Set<String> accepted = types.stream()
                .flatMap(type -> {
                    try {
                        return java.util.stream.Stream.of(ColumnType.parse(type).sql());
                    } catch (IllegalArgumentException e) {
                        return java.util.stream.Stream.empty();
                    }
                })
                .collect(Collectors.toSet());
        assertThat(accepted).hasSizeGreaterThan(200).doesNotContain("Nullable(Array(String))");
        fixture.server.createDatabase(fixture.database);
        List<String> columns = new ArrayList<>();
        accepted.forEach(type -> columns.add("c" + columns.size() + " " + type));
        fixture.query(
                "CREATE TABLE {db}.types (" + String.join(", ", columns) + ") ENGINE = MergeTree ORDER BY tuple()");
        assertThat(fixture.query("SELECT groupArray(type) FROM system.columns WHERE database = '{db}' FORMAT TSVRaw")
                        .length())
                .isPositive();
        String zones = ZoneId.getAvailableZoneIds().stream()
                .filter(zone -> !zone.startsWith("SystemV/"))
                .map(SqlText::text)
                .collect(Collectors.joining(", "));
        assertThat(fixture.query("SELECT arrayJoin([" + zones + "]) AS z WHERE z NOT IN (SELECT time_zone FROM"
                        + " system.time_zones)"))
                .isEmpty();
    }

    private static String hex(String text) {
        return java.util.HexFormat.of()
                .withUpperCase()
                .formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** A text as YAML, and JSON, quote it. */
    private static String yaml(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
