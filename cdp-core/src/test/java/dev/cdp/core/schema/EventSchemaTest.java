package dev.cdp.core.schema;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class EventSchemaTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'integer'} | Int64",
                "{'type':'integer','minimum':0} | UInt64",
                "{'type':'integer','minimum':0,'maximum':255} | UInt8",
                "{'type':'integer','minimum':0,'maximum':256} | UInt16",
                "{'type':'integer','exclusiveMinimum':-1,'exclusiveMaximum':256} | UInt8",
                "{'type':'integer','minimum':-128,'maximum':127} | Int8",
                "{'type':'integer','minimum':-129,'maximum':127} | Int16",
                "{'type':'integer','minimum':-1,'maximum':3000000000} | Int64",
                "{'type':'number'} | Float64",
                "{'type':['integer','number']} | Float64",
                "{'type':'number','multipleOf':0.01} | Decimal(38, 2)",
                "{'type':'number','multipleOf':0.01,'minimum':0,'maximum':9999999} | Decimal(9, 2)",
                "{'type':'number','multipleOf':0.25,'minimum':-10000000,'maximum':0} | Decimal(18, 2)",
                "{'type':'number','multipleOf':0.000000000000000001,'minimum':0,'maximum':1} | Decimal(38, 18)",
                "{'type':'number','multipleOf':0.0000000000000000001} | Float64",
                "{'type':'number','multipleOf':5} | Float64",
                "{'type':'boolean'} | Bool",
                "{'type':'string'} | String",
                "{'type':'string','format':'date-time'} | DateTime64(3, 'UTC')",
                "{'type':'string','format':'date'} | Date32",
                "{'type':'string','format':'uuid'} | UUID",
                "{'type':'string','format':'ipv4'} | IPv4",
                "{'type':'string','format':'ipv6'} | IPv6",
                "{'enum':['a','b']} | LowCardinality(String)",
                "{'const':'a'} | LowCardinality(String)",
                "{'enum':['a',null]} | LowCardinality(Nullable(String))",
                "{'type':['string','null']} | Nullable(String)",
                "{'type':['string','integer']} | String",
                "{'type':'array','items':{'type':'integer','minimum':0,'maximum':9}} | Array(UInt8)",
                "{'type':'array','items':{'type':'array','items':{'type':'string'}}} | Array(Array(String))",
                "{'type':'array','items':{'type':['string','null']}} | Array(Nullable(String))",
                "{'type':['integer','null']} | Nullable(Int64)",
                "{'type':['boolean','integer','string']} | String",
                "{'anyOf':[{'type':'integer'},{'type':'string'}]} | String",
                "{'oneOf':[{'type':'integer'},{'type':'null'}]} | String",
                "{'enum':['a',1]} | String",
                "{'type':'array','items':{'type':['array','null'],'items':{'type':'integer'}}} | Array(Nullable(String))",
                "{'type':'array','prefixItems':[{'type':'integer'}],'items':{'type':'string'}} | String",
                "{'type':'object','additionalProperties':{'type':'integer'}} | Map(String, Int64)",
                "{'type':'object','additionalProperties':{'type':'array','items':{'type':'boolean'}}} | Map(String, Array(Bool))",
                "{'type':'object','patternProperties':{'^a':{'type':'integer'}}} | String",
                "{'type':'object','x-clickhouse-type':'JSON'} | JSON",
                "{'type':'array'} | String",
                "{'type':'object'} | String",
                "{} | String",
                "{'type':'integer','x-clickhouse-type':'UInt16'} | UInt16",
                "{'type':'string','x-clickhouse-type':'LowCardinality(String)'} | LowCardinality(String)",
                "{'type':'string','format':'date-time','x-clickhouse-type':'DateTime64(9)'} | DateTime64(9, 'UTC')",
            })
    void aFieldBecomesTheNarrowestColumnThatHoldsIt(String field, String type) {
        EventSchema schema = parse("{\"required\":[\"f\"],\"properties\":{\"f\":" + field.replace('\'', '"') + "}}");

        assertThat(schema.columns()).extracting(column -> column.type().sql()).containsExactly(type);
    }

    @Test
    void aDefaultIsAnAnnotationAndWhatIsAbsentIsNull() {
        EventSchema schema = parse("{\"properties\": {\"f\": {\"type\": \"integer\", \"default\": 5}}}");

        assertThat(schema.columns()).extracting(column -> column.type().sql()).containsExactly("Nullable(Int64)");
    }

    @Test
    void anObjectInsideItselfIsKeptAsJson() {
        EventSchema schema = parse("""
                {"properties": {"node": {"$ref": "#/$defs/node"}},
                 "$defs": {"node": {"type": "object", "properties": {
                   "name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}}}}}
                """);

        assertThat(schema.columns())
                .extracting(Column::name, column -> column.type().sql())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("node_name", "Nullable(String)"),
                        org.assertj.core.groups.Tuple.tuple("node_next", "Nullable(String)"));
    }

    @Test
    void whatAllOfAndAReferencesNeighboursDeclareHasColumnsToo() {
        EventSchema schema = parse("""
                {"type": "object",
                 "allOf": [{"$ref": "#/$defs/context"}, {"required": ["n"], "properties": {"n": {"maximum": 200}}}],
                 "properties": {
                   "n": {"type": "integer", "minimum": 0},
                   "page": {"$ref": "#/$defs/page", "properties": {"title": {"type": "string"}}, "required": ["title"]},
                   "rows": {"type": "array", "items": {"allOf": [{"$ref": "#/$defs/page"}]}}},
                 "$defs": {
                   "context": {"type": "object", "required": ["ip"], "properties": {
                     "ip": {"type": "string", "format": "ipv4"},
                     "at": {"allOf": [{"type": "string"}, {"format": "date-time"}, {"x-clickhouse-type": "DateTime64(6)"}]}}},
                   "page": {"type": "object", "properties": {"url": {"type": "string"}}}}}
                """);

        assertThat(schema.columns())
                .extracting(column -> column.pointer() + " " + column.type().sql())
                .containsExactlyInAnyOrder(
                        "/n UInt8",
                        "/page/title Nullable(String)",
                        "/page/url Nullable(String)",
                        "/rows Array(Tuple(url Nullable(String)))",
                        "/ip IPv4",
                        "/at Nullable(DateTime64(6, 'UTC'))");
        assertThat(schema.declares("/ip")).isTrue();
    }

    @Test
    void aDraft7ReferenceStandsForItsNeighbours() {
        EventSchema schema = parse("""
                {"$schema": "http://json-schema.org/draft-07/schema#", "properties": {
                   "page": {"$ref": "#/definitions/page", "properties": {"title": {"type": "string"}}}},
                 "definitions": {"page": {"type": "object", "properties": {"url": {"type": "string"}}}}}
                """);

        assertThat(schema.columns()).extracting(Column::pointer).containsExactly("/page/url");
    }

    @Test
    void anObjectInsideItselfThroughAllOfIsKeptAsJson() {
        EventSchema schema = parse("""
                {"properties": {"node": {"$ref": "#/$defs/node"}},
                 "$defs": {"named": {"properties": {"name": {"type": "string"}}},
                           "node": {"type": "object", "allOf": [{"$ref": "#/$defs/named"}],
                                    "properties": {"next": {"$ref": "#/$defs/node"}}}}}
                """);

        assertThat(schema.columns()).extracting(Column::name).containsExactly("node_next", "node_name");
    }

    @Test
    void aColumnTypeThatCdpDoesNotWriteIsFoundWhereAllOfNamesIt() {
        assertThatThrownBy(() -> parse("""
                {"properties": {"a": {"type": "string", "allOf": [{"minLength": 1, "x-clickhouse-type": "Strin"}]}}}
                """))
                .isInstanceOfSatisfying(
                        InvalidSchemaException.class,
                        e -> assertThat(e.findings())
                                .extracting(InvalidSchemaException.Finding::pointer)
                                .containsExactly("/properties/a/allOf/0/x-clickhouse-type"));
    }

    @Test
    void referencesFollowFilesIdsAndAnchors() {
        Map<String, String> files = Map.of(
                "a/b.json",
                "{\"$id\":\"https://x.example/b\",\"$defs\":{\"t\":{\"$anchor\":\"t\",\"type\":\"boolean\"}}}");
        EventSchema schema = EventSchema.parse(
                path -> {
                    if (!files.containsKey(path)) {
                        throw new NoSuchFileException(path);
                    }
                    return files.get(path).getBytes(StandardCharsets.UTF_8);
                },
                "a/main.json",
                """
                {"required": ["f", "g", "h"], "properties": {
                  "f": {"$ref": "b.json#/$defs/t"}, "g": {"$ref": "b.json#t"}, "h": {"$ref": "https://x.example/b#t"}}}
                """);

        assertThat(schema.columns()).extracting(column -> column.type().sql()).containsOnly("Bool");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | schema-json",
                "{'a':1,'a':2} | schema-json",
                "3 | schema-shape",
                "{'$schema':'http://json-schema.org/draft-04/schema#'} | schema-dialect",
                "{'properties':{'a':{'$ref':'#/$defs/nope'}}} | schema-ref",
                "{'properties':{'a':{'$ref':'nope.json'}}} | schema-ref",
                "{'$ref':'#'} | schema-cycle",
                "{'$defs':{'a':{'anyOf':[{'$ref':'#/$defs/b'}]},'b':{'not':{'$ref':'#/$defs/a'}}},'$ref':'#/$defs/a'}"
                        + " | schema-cycle",
                "{'properties':{'a':{'type':'string','pattern':'('}}} | schema-pattern",
                "{'properties':{'a':{'x-clickhouse-type':'Strin'}}} | column-type",
            })
    void whatCannotBeEvaluatedIsRefused(String text, String rule) {
        assertThatThrownBy(() -> parse(text.replace('\'', '"')))
                .isInstanceOfSatisfying(
                        InvalidSchemaException.class,
                        e -> assertThat(e.findings())
                                .extracting(InvalidSchemaException.Finding::rule)
                                .contains(rule));
    }

    @Test
    void twentyTwoDoubledReferencesAreRefusedAtOnce() {
        StringBuilder text = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 22; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            text.append("\"d")
                    .append(i)
                    .append("\":{\"allOf\":[")
                    .append(next)
                    .append(',')
                    .append(next)
                    .append("]},");
        }
        String bomb = text.append("\"d22\":{\"type\":\"string\"}}}").toString();

        assertThatThrownBy(() -> parse(bomb)).hasMessageContaining("unfolds to more than");
        assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(InvalidSchemaException.class);
        assertThatThrownBy(() -> parse("{\"title\":\"" + "x".repeat(10_000_000) + "\"}"))
                .isInstanceOf(InvalidSchemaException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ip | true",
                "/ip/deeper | true",
                "/contact | true",
                "/contact/mail | true",
                "/phones | false",
                "/phones/17 | true",
                "/friend/friend/friend/ip | true",
                "/friend/friend/name | false",
                "/names/anything | true",
                "/x_secret | true",
                "/sometimes | true",
                "/a~1b | true",
                "/name | false",
                "'' | false",
                "/nowhere/at/all | false",
                "not a pointer | false",
            })
    void aFieldIsPersonalWhereItOrWhatItStandsInIsTagged(String pointer, boolean personal) {
        EventSchema schema = parse("""
                {"properties": {
                  "ip": {"$ref": "#/$defs/ip"},
                  "contact": {"x-pii": true, "type": "object", "properties": {"mail": {"type": "string"}}},
                  "phones": {"type": "array", "items": {"type": "string", "x-pii": true}},
                  "friend": {"$ref": "#"},
                  "names": {"additionalProperties": {"allOf": [{"x-pii": true}]}},
                  "a/b": {"x-pii": true},
                  "name": {"type": "string", "x-pii": false}},
                 "patternProperties": {"^x_": {"x-pii": true}},
                 "if": {"required": ["sometimes"]}, "then": {"properties": {"sometimes": {"x-pii": true}}},
                 "$defs": {"ip": {"type": "string", "format": "ipv4", "x-pii": true}}}
                """);

        assertThat(schema.personal(pointer)).isEqualTo(personal);
    }

    @Test
    void aFindingStandsWhereItsCauseStands() {
        assertThatThrownBy(() -> parse("""
                {
                  "properties": {
                    "enum": {"$ref": "#/$defs/nope"},
                    "b": {"type": "string",
                          "pattern": "("},
                    "c": {"$ref": "http://127.0.0.1:1/x.json"}
                  }
                }
                """))
                .isInstanceOfSatisfying(
                        InvalidSchemaException.class,
                        e -> assertThat(e.findings())
                                .extracting(f -> f.document() + "#" + f.pointer() + ":" + f.line() + ":" + f.column())
                                .containsExactly("event.json#/properties/c/$ref:6:19"));
        assertThatThrownBy(() -> parse("""
                {
                  "properties": {
                    "enum": {"$ref": "#/$defs/nope"},
                    "b": {"type": "string",
                          "pattern": "("},
                    "c": {"x-clickhouse-type": "Strin"}
                  }
                }
                """))
                .isInstanceOfSatisfying(
                        InvalidSchemaException.class,
                        e -> assertThat(e.findings())
                                .extracting(f -> f.rule() + " " + f.line() + ":" + f.column())
                                .containsExactly("schema-ref 3:22", "schema-pattern 5:22"));
    }

    private static EventSchema parse(String text) {
        return EventSchema.parse(
                path -> {
                    throw new NoSuchFileException(path, null, "there is no file " + List.of(path));
                },
                "event.json",
                text);
    }
}
