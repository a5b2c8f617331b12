package dev.cdp.core.catalog;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class CatalogLinterTest {

    private static final String HEAD = "cdp: 1\ncatalog: t\nsource: //t\n";
    private static final String ONE = "events: { e: { schema: s.json, owner: o, description: d } }\n";

    @TempDir
    private Path temp;

    private CatalogFolder folder;

    @BeforeEach
    void openFolder() {
        folder = new CatalogFolder(temp);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'type':'integer' | insert-integer | 'minimum': -9223372036854775808, 'maximum': 9223372036854775807",
                "'type':'integer','minimum':0 | insert-integer | 'maximum': 18446744073709551615",
                "'type':'integer','minimum':0,'maximum':36893488147419103232 | insert-narrow | 'maximum': 18446744073709551615",
                "'type':'integer','minimum':0,'maximum':300,'x-clickhouse-type':'UInt8' | insert-narrow | 'maximum': 255",
                "'type':'integer','x-clickhouse-type':'UInt8' | insert-narrow | 'minimum': 0, 'maximum': 255",
                "'type':'string','x-clickhouse-type':'UInt8' | insert-narrow | 'type': 'integer'",
                "'type':'number','x-clickhouse-type':'Int32' | insert-narrow | whole numbers",
                "'enum':[1,300],'x-clickhouse-type':'UInt8' | insert-narrow | 0 to 255",
                "'type':'string','x-clickhouse-type':'UUID' | insert-narrow | 'format': 'uuid'",
                "'x-clickhouse-type':'String' | insert-narrow | 'type': 'string'",
                "'type':'array','items':{'type':['string','null']},'x-clickhouse-type':'Array(String)' | insert-narrow | null",
                "'type':'array','items':{'type':'integer'} | insert-integer | an element",
                "'type':'number' | insert-number | 1e400",
                "'type':'number','minimum':0 | insert-number | 'maximum': 1.7e308",
                "'type':'string','format':'date-time' | insert-time | 1900 to 2299",
                "'type':'string','format':'date-time','x-clickhouse-type':'DateTime64(9)' | insert-time | 1900 to 2262",
                "'type':'string','format':'date','pattern':'^[0-9]' | insert-time | 1900 to 2299",
            })
    void aValueThatItsColumnDoesNotHoldIsFoundWithTheBoundToAdd(String field, String rule, String message) {
        assertThat(field(field))
                .extracting(Finding::rule, f -> f.message().replace('"', '\''))
                .anySatisfy(tuple -> {
                    assertThat(tuple.toList().get(0)).isEqualTo(rule);
                    assertThat((String) tuple.toList().get(1)).contains(message);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'type':'integer','minimum':-5,'maximum':5",
                "'type':'integer','allOf':[{'minimum':0},{'maximum':9}]",
                "'$ref':'#/$defs/small'",
                "'enum':[1,300]",
                "'const':7",
                "'type':'number','minimum':0,'exclusiveMaximum':1",
                "'type':'number','multipleOf':1,'minimum':0,'maximum':9,'x-clickhouse-type':'UInt8'",
                "'type':'string'",
                "'type':['string','null'],'format':'uuid'",
                "'type':'string','format':'date-time','pattern':'^(19[1-9]|2[01])'",
                "'type':'string','format':'date','pattern':'^2[01]'",
                "'type':'array','items':{'type':'integer','minimum':0,'maximum':9}",
                "'type':'object'",
                "'type':'boolean'",
                "'type':'string','pattern':'^[a-z]+$'",
                "'type':'string','pattern':'^a*a*$','maxLength':100",
            })
    void whatFitsIsPassedOver(String field) {
        assertThat(field(field)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'type':'string','pattern':'^(a+)+$' | pattern-explodes",
                "'type':'string','pattern':'^a*a*$' | pattern-slow",
                "'type':'string','pattern':'^(?=a).$' | pattern-unjudged",
                "'type':'object','patternProperties':{'^(.*a){20}$':true} | pattern-explodes",
                "'type':'string','format':'phone' | format-unasserted",
                "'type':'boolean','format':'date-time' | format-unasserted",
            })
    void patternsThatExplodeAndFormatsThatNobodyAssertsAreFound(String field, String rule) {
        assertThat(field(field)).extracting(Finding::rule).containsExactly(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "email", "userEmail", "contact_mail", "email_address", "phone", "phoneNumber", "mobile", "msisdn",
                "ip", "client_ip", "ip_v6", "ipAddress", "remote_addr", "birth_date", "dateOfBirth", "dob",
                "address", "street", "postal_code", "zip", "first_name", "fullName", "surname", "passport_number"
            })
    void aFieldThatIsCalledLikeAPersonsIsFoundUnlessItIsTagged(String name) {
        String field = "'type':'string','maxLength':50";
        assertThat(named(name, field)).extracting(Finding::rule).containsExactly("pii-untagged");
        assertThat(named(name, field + ",'x-pii':true")).isEmpty();
        assertThat(named(name, "'enum':['a','b']")).isEmpty();
        assertThat(named(name, "'type':'boolean'")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"shipment", "zipped", "ip_count_known", "channel", "recipe", "telemetry", "name", "trip", "late"
            })
    void aNameThatOnlyLooksSimilarIsPassedOver(String name) {
        assertThat(named(name, "'type':'string'")).isEmpty();
    }

    @Test
    void aTagAroundAFieldCoversIt() {
        folder.file("s.json", """
                {"properties": {
                  "who": {"type": "object", "x-pii": true, "properties": {"email": {"type": "string"}}},
                  "by": {"$ref": "#/$defs/contact"},
                  "address": {"type": "object", "properties": {"street": {"type": "string"}, "zip": {"type": "string"}}}},
                 "$defs": {"contact": {"type": "object", "properties": {
                   "mail": {"$ref": "#/$defs/mail"}, "server": {"type": "string", "format": "ipv4"}}},
                   "mail": {"type": "string", "x-pii": true}}}
                """);

        assertThat(CatalogLinter.check(folder.loadText(HEAD + ONE)).findings())
                .extracting(Finding::at)
                .containsExactly("s.json#/properties/address", "s.json#/$defs/contact/properties/server");
    }

    @Test
    void fieldsThatAnEventNamesMustBeThereInEveryPayload() {
        folder.file("s.json", """
                        {"required": ["list"], "properties": {"id": {"type": "string"},
                          "list": {"type": "array", "items": {"type": "string"}},
                          "at": {"type": ["string", "null"], "format": "date-time", "pattern": "^2[01]"},
                          "type": {"enum": ["a", "b"]}}}
                        """)
                .file("s1.json", "{\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"string\"}}}");

        List<Finding> findings =
                CatalogLinter.check(folder.loadText(HEAD + """
                events:
                  e:
                    version: 2
                    schema: s.json
                    versions: { 1: s1.json }
                    key: /list
                    time: /at
                    subject: { type: x, id: /id }
                    topic: t
                    discriminator: { field: /type, value: c }
                  f: { schema: s1.json, topic: t, owner: o, description: d }
                """)).findings();

        assertThat(findings)
                .extracting(f -> f.line() + " " + f.at() + " " + f.rule())
                .containsExactly(
                        "5 events.e undocumented",
                        "9 events.e.key unreachable-field",
                        "9 events.e.key version-lacks-field",
                        "10 events.e.time optional-field",
                        "10 events.e.time version-lacks-field",
                        "13 events.e.discriminator discriminator-value",
                        "13 events.e.discriminator optional-field",
                        "13 events.e.discriminator version-lacks-field",
                        "14 events.f discriminator-partial");
    }

    @Test
    void metricsThatDoNotAddUpOrNeverCountAreFound() {
        folder.file("s.json", """
                {"required": ["rate", "kind", "ms", "session", "email"], "properties": {
                  "rate": {"type": "number", "minimum": 0, "maximum": 1},
                  "ms": {"type": "integer", "minimum": 0, "maximum": 9},
                  "kind": {"enum": ["post", "video"]},
                  "session": {"type": "string", "format": "uuid"},
                  "email": {"type": "string", "x-pii": true}}}
                """)
                .file("t.json", "{\"required\":[\"kind\"],\"properties\":{\"kind\":{\"type\":\"boolean\"}}}");

        List<Finding> findings =
                CatalogLinter.check(folder.loadText(HEAD + """
                events:
                  e: { schema: s.json, owner: o, description: d }
                  f: { schema: t.json, owner: o, description: d }
                dimensions:
                  kind: { path: /kind, description: d }
                  session: { path: /session, description: d }
                  who: { path: /email, description: d }
                metrics:
                  rates: { fact: e, measure: sum, of: /rate, description: d }
                  mean: { fact: e, measure: avg, of: /ms, description: d }
                  posts: { fact: e, measure: count, where: "kind = 'posts' or kind in ('video')", description: d }
                  part: { ratio: { numerator: posts, denominator: mean }, description: d }
                  parts: { ratio: { numerator: part, denominator: posts } }
                """)).findings();

        assertThat(findings)
                .extracting(f -> f.line() + " " + f.at() + " " + f.rule())
                .containsExactly(
                        "8 dimensions.kind dimension-types",
                        "9 dimensions.session dimension-values",
                        "10 dimensions.who pii-dimension",
                        "12 metrics.rates.of metric-sum-of-ratio",
                        "13 metrics.mean metric-rollup",
                        "14 metrics.posts.where metric-never",
                        "15 metrics.part metric-rollup",
                        "16 metrics.parts metric-rollup",
                        "16 metrics.parts undocumented",
                        "16 metrics.parts.ratio metric-ratio-of-ratios");
        assertThat(findings).extracting(Finding::message).anyMatch(m -> m.contains("did you mean 'post'?"));
    }

    @Test
    void aFindingIsSuppressedWithAReasonAndAnEntryWithoutAFindingIsOne() {
        folder.file("s.json", """
                {"properties": {"n": {"type": "integer"}, "m": {"type": "integer"}}}
                """);

        LintReport report = CatalogLinter.check(folder.loadText(HEAD + ONE + """
                lint:
                  ignore:
                    - { rule: insert-integer, at: "s.json#/properties/n", reason: small by nature }
                    - { rule: insert-integer, at: "other*", reason: none there }
                """));

        assertThat(report.findings())
                .extracting(f -> f.rule() + " " + f.at() + " " + f.place())
                .containsExactly(
                        "ignore-unused lint.ignore " + temp + "/cdp.yaml:8:7",
                        "insert-integer s.json#/properties/m s.json:1:48");
        assertThat(report.suppressed()).singleElement().satisfies(suppressed -> {
            assertThat(suppressed.finding().at()).isEqualTo("s.json#/properties/n");
            assertThat(suppressed.reason()).isEqualTo("small by nature");
        });
        assertThat(report.passes()).isFalse();
    }

    @Test
    void aSuppressionWithoutAReasonOrOfAnUnknownRuleIsAProblem() {
        folder.file("s.json", "{}");

        assertThatThrownBy(() -> folder.loadText(HEAD + ONE + """
                lint:
                  ignore:
                    - { rule: insert-intger, at: "*", reason: x }
                    - { rule: insert-integer, at: "*" }
                    - { rule: insert-integer, at: "*", reason: " " }
                    - oops
                """))
                .hasMessageContaining("did you mean 'insert-integer'?")
                .hasMessageContaining("cdp.yaml:8:7: ignore: 'reason' is missing")
                .hasMessageContaining("say why")
                .hasMessageContaining("expected a mapping, found 'oops'");
    }

    @Test
    void aFindingOfASharedFileIsReportedOnce() {
        folder.file("common.json", "{\"$defs\":{\"n\":{\"type\":\"integer\"}}}")
                .file("s.json", "{\"properties\":{\"a\":{\"$ref\":\"common.json#/$defs/n\"}}}")
                .file("t.json", "{\"properties\":{\"b\":{\"$ref\":\"common.json#/$defs/n\"}}}");

        assertThat(CatalogLinter.check(folder.loadText(HEAD + """
                        events:
                          e: { schema: s.json, owner: o, description: d }
                          f: { schema: t.json, owner: o, description: d }
                        """)).findings())
                .extracting(Finding::at)
                .containsExactly("common.json#/$defs/n");
    }

    @Test
    void aFindingInAnInlineSchemaStandsInTheCatalog() {
        Finding finding =
                CatalogLinter.check(folder.loadText(HEAD + """
                events:
                  e:
                    owner: o
                    description: d
                    schema:
                      properties:
                        n:
                          type: integer
                """)).findings().get(0);

        assertThat(finding.at()).isEqualTo("events.e.schema#/properties/n");
        assertThat(finding.place()).isEqualTo(temp + "/cdp.yaml:11:11");
    }

    @Test
    void aFileThatDoesNotLoadIsLintedAsFarAsItGoes() {
        folder.file("s.json", "{\"properties\":{\"n\":{\"type\":\"integer\"}}}")
                .file("cdp.yaml", HEAD + "colour: red\n" + ONE);

        LintReport report = CatalogLinter.check(temp.resolve("cdp.yaml"));

        assertThat(report.findings())
                .extracting(Finding::severity, Finding::rule)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Severity.ERROR, "unknown-key"),
                        org.assertj.core.groups.Tuple.tuple(Severity.WARNING, "insert-integer"));
        assertThat(CatalogLinter.check(temp.resolve("absent.yaml")).findings())
                .extracting(Finding::rule)
                .containsExactly("catalog-file");
    }

    private List<Finding> field(String field) {
        return named("f", field);
    }

    private List<Finding> named(String name, String field) {
        folder.file(
                "s.json",
                ("{'properties':{'" + name + "':{" + field + "}},"
                                + "'$defs':{'small':{'type':'integer','minimum':0,'maximum':9}}}")
                        .replace('\'', '"'));
        return CatalogLinter.check(folder.loadText(HEAD + ONE)).findings();
    }
}
