package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Every shape of JSON Schema has the column that docs/tables.md says, and what the schema does not declare is kept. */
@CdpTest
final class ShapesTest {

    private final Fixture fixture;

    ShapesTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    @Test
    void everyShapeHasItsColumn() throws Exception {
        Catalog catalog = fixture.catalog("""
                shaped:
                  schema:
                    type: object
                    required: [price]
                    properties:
                      geo: { type: object, properties: { country: { type: string } } }
                      tags: { type: array, items: { type: string } }
                      items:
                        type: array
                        items:
                          type: object
                          required: [sku]
                          properties:
                            sku: { type: string }
                            "no.": { type: integer, minimum: 0, maximum: 9 }
                            pos: { type: object, properties: { x: { type: number } } }
                            sub: { type: array, items: { type: object, properties: { n: { type: integer } } } }
                      counts: { type: object, additionalProperties: { type: integer } }
                      people: { type: object, additionalProperties: { type: object, properties: { age: { type: integer } } } }
                      kind: { enum: [a, b] }
                      either: { type: [string, integer] }
                      free: { type: object }
                      dynamic: { type: object, x-clickhouse-type: JSON }
                      price: { type: number, multipleOf: 0.01, minimum: 0, maximum: 99999.99 }
                      ratio: { type: number, multipleOf: 0.0001 }
                      size: { type: number }
                      at: { type: string, format: date-time, x-clickhouse-type: "DateTime64(6, 'Europe/Berlin')" }
                """);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            assertThat(sink.write(Fixture.batch(
                            0,
                            2,
                            List.of(Fixture.event(0, "shaped", """
                                    {"geo":{"country":"NL"},"tags":["x"],
                                     "items":[{"sku":"s","no.":7,"pos":{"x":1.5},"sub":[{"n":1},{}]},{"sku":"t"}],
                                     "counts":{"a":1,"":-2},"people":{"ann":{"age":9}},"kind":"a","either":1,
                                     "free":{"q":[1]},"dynamic":{"p":{"q":1}},"price":1.5,"ratio":-0.0001,"size":2,
                                     "at":"2026-01-01T00:00:00.123456+01:00"}
                                    """), Fixture.event(1, "shaped", "{\"price\":0.01}")))))
                    .isEqualTo(SinkResult.stored(2));
        }
        assertThat(fixture.query("SELECT name, type FROM system.columns WHERE database = '{db}' AND position BETWEEN 4"
                        + " AND 17 ORDER BY position FORMAT TSVRaw"))
                .isEqualTo("""
                        geo_country	Nullable(String)
                        tags	Array(String)
                        items	Array(Tuple(sku String, no_ Nullable(UInt8), pos_x Nullable(Float64), sub Array(Tuple(n Nullable(Int64)))))
                        counts	Map(String, Int64)
                        people	Map(String, Tuple(age Nullable(Int64)))
                        kind	LowCardinality(Nullable(String))
                        either	Nullable(String)
                        free	Nullable(String)
                        dynamic	Nullable(JSON)
                        price	Decimal(9, 2)
                        ratio	Nullable(Decimal(38, 4))
                        size	Nullable(Float64)
                        at	Nullable(DateTime64(6, 'Europe/Berlin'))
                        _unknown	Map(String, String)""");
        assertThat(fixture.query("SELECT geo_country, items, counts[''], people['ann'].age, either, free, dynamic.p.q,"
                        + " price, ratio, toTimeZone(at, 'UTC') FROM {db}.shaped ORDER BY _offset FORMAT TSVRaw"))
                .isEqualTo("NL\t[('s',7,1.5,[(1),(NULL)]),('t',NULL,NULL,[])]\t-2\t9\t1\t{\"q\":[1]}\t1\t1.5\t-0.0001"
                        + "\t2025-12-31 23:00:00.123456\n"
                        + "\\N\t[]\t0\t\\N\t\\N\t\\N\t\\N\t0.01\t\\N\t\\N");
    }

    @Test
    void whatTheSchemaDoesNotDeclareIsKeptUnderItsPointer() throws Exception {
        Catalog catalog = fixture.catalog("""
                loose:
                  schema:
                    type: object
                    properties:
                      n: { type: integer }
                      geo: { type: [object, string], x-clickhouse-type: String }
                      place: { type: object, properties: { country: { type: string } } }
                      free: { type: object }
                      items: { type: array, items: { type: object, properties: { a: { type: integer } } } }
                """);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            sink.write(Fixture.batch(
                    0,
                    3,
                    List.of(
                            Fixture.event(
                                    0,
                                    "loose",
                                    "{\"n\":1,\"new\":{\"x\":[1, 2]},\"a/b\":null,\"place\":{\"country\":\"NL\",\"city\":\"x\"},"
                                            + "\"free\":{\"z\":1},\"items\":[{\"a\":1},{\"a\":2,\"b\":\"👍\"}]}"),
                            Fixture.event(1, "loose", "{\"n\":2}"),
                            Fixture.event(2, "loose", "{\"place\":null,\"more\":1}"))));
        }
        assertThat(fixture.query("SELECT _unknown FROM {db}.loose ORDER BY _offset FORMAT TSVRaw"))
                .isEqualTo("{'/new':'{\"x\":[1, 2]}','/a~1b':'null','/place/city':'\"x\"','/items/1/b':'\"👍\"'}\n{}\n"
                        + "{'/more':'1'}");
    }

    /** What the validator lets into a JSON column comes out as it went in; what would not, it refuses with its reason. */
    @Test
    void aJsonColumnHoldsWhatItIsGivenOrTheValidatorSaysWhy() throws Exception {
        Catalog catalog = fixture.catalog("""
                free:
                  schema: { type: object, properties: { j: { type: object, x-clickhouse-type: JSON } } }
                """);
        EventValidator validator = EventValidator.of(catalog);
        List<String> kept = List.of(
                "{\"a\":\"2026-01-31\",\"b\":\"2026-01-31 12:00:00\",\"c\":\"2026-01-31T12:00:00Z\",\"d\":\"12\"}",
                "{\"n\":9007199254740992}",
                "{\"n\":0.5}",
                "{\"n\":\"x\"}",
                "{\"l\":[1,2],\"s\":[\"2026-01-31\",\"a\"],\"t\":[true,false]}",
                "{\"o\":{\"p\":[{\"q\":1},{\"q\":2}]}}");
        List<String> lossy = List.of(
                "{\"a\":[true,1]}",
                "{\"a\":[1,\"1\"]}",
                "{\"a\":[1,[2]]}",
                "{\"a.b\":1}",
                "{\"\":1}",
                "{\"a\":{}}",
                "{\"a\":[{\"b\":{}}]}",
                "{\"a\":9007199254740993}",
                "{\"a\":0.1234567890123456789}",
                "{\"a\":1e400}");
        List<SinkEvent> rows = new ArrayList<>();
        for (String json : kept) {
            String payload = "{\"j\":" + json + "}";
            assertThat(validator
                            .validate("free", payload.getBytes(StandardCharsets.UTF_8))
                            .valid())
                    .as(json)
                    .isTrue();
            rows.add(Fixture.event(rows.size(), "free", payload));
        }
        for (String json : lossy) {
            assertThat(validator
                            .validate("free", ("{\"j\":" + json + "}").getBytes(StandardCharsets.UTF_8))
                            .violations())
                    .as(json)
                    .singleElement()
                    .satisfies(violation -> {
                        assertThat(violation.keyword()).isEqualTo("x-column");
                        assertThat(violation.path()).isEqualTo("/j");
                        assertThat(violation.message()).contains("JSON").contains("expected ");
                    });
        }
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            assertThat(sink.write(Fixture.batch(0, rows.size(), rows))).isEqualTo(SinkResult.stored(rows.size()));
        }
        assertThat(fixture.query("SELECT toJSONString(j) FROM {db}.free ORDER BY _offset FORMAT TSVRaw"))
                .isEqualTo(String.join("\n", kept));
    }

    @Test
    void aTextOfAMegabyteAndADeepListComeOutWhole() throws Exception {
        Catalog catalog = fixture.catalog("""
                big:
                  schema:
                    type: object
                    properties:
                      text: { type: string }
                      deep: { x-clickhouse-type: "Array(Array(Array(Array(Array(Array(Int8))))))" }
                """);
        String text = "👍ä\\u0000x".repeat(125_000);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            sink.write(Fixture.batch(
                    0,
                    1,
                    List.of(Fixture.event(
                            0, "big", "{\"text\":\"" + text + "\",\"deep\":[[],[[[[[1,-128],[]]]],[]]]}"))));
        }
        assertThat(fixture.query("SELECT length(text), text = repeat('👍ä\\0x', 125000), deep FROM {db}.big"))
                .isEqualTo("1000000\t1\t[[],[[[[[1,-128],[]]]],[]]]");
    }
}
