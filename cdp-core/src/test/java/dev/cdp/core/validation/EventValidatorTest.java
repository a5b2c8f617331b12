package dev.cdp.core.validation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogFolder;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.DeadLetterReason;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class EventValidatorTest {

    @TempDir
    private static Path temp;

    private static Catalog catalog;
    private static EventValidator validator;

    @BeforeAll
    static void loadCatalog() {
        catalog = new CatalogFolder(temp)
                .file("post.json", """
                        {"type": "object", "required": ["id", "at"], "additionalProperties": false, "properties": {
                          "id": {"type": "string", "minLength": 1},
                          "at": {"type": "string", "format": "date-time"},
                          "n": {"type": "integer", "minimum": 0},
                          "kind": {"enum": ["photo", "video"]},
                          "mail": {"type": "string", "format": "email", "x-pii": true},
                          "slow": {"type": "string", "pattern": "^(.*a){20}$"},
                          "tree": {"$ref": "#/$defs/tree"},
                          "days": {"type": "array", "items": {"type": "string", "format": "date"}}},
                         "$defs": {"tree": {"type": "object", "properties": {"c": {"$ref": "#/$defs/tree"}}}}}
                        """)
                .file("post.1.json", "{\"required\": [\"old\"]}")
                .load("""
                        events:
                          post_viewed:
                            version: 2
                            schema: post.json
                            versions: { 1: post.1.json }
                            table: { ttl: 30d }
                          loose: { schema: post.json, table: none }
                        """);
        validator = EventValidator.of(catalog);
    }

    @Test
    void aValidPayloadHasAnEmptyReport() {
        ValidationReport report = validate("{\"id\":\"a\",\"at\":\"2026-01-01T00:00:00Z\",\"n\":3,\"kind\":\"photo\"}");

        assertThat(report.valid()).isTrue();
        assertThat(report.reason()).isEmpty();
        assertThat(report).hasToString("valid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'test':'connection_test'} | '' | required",
                "{'id':'','at':'2026-01-01T00:00:00Z'} | /id | minLength",
                "{'id':1,'at':'2026-01-01T00:00:00Z'} | /id | type",
                "{'id':'a','at':'yesterday'} | /at | format",
                "{'id':'a','at':'2026-01-01T00:00:00Z','n':-1} | /n | minimum",
                "{'id':'a','at':'2026-01-01T00:00:00Z','n':1.5} | /n | type",
                "{'id':'a','at':'2026-01-01T00:00:00Z','kind':'text'} | /kind | enum",
                "{'id':'a','at':'2026-01-01T00:00:00Z','x':1} | '' | additionalProperties",
                "{'id':'a','at':'2026-01-01T00:00:00Z','days':['2026-01-01','x']} | /days/1 | format",
                "{'id':'a','at':'1850-01-01T00:00:00Z'} | /at | x-column",
                "{'id':'a','at':'2300-01-01T00:00:00Z'} | /at | x-column",
                "{'id':'a','at':'2026-01-01T00:00:00Z','n':18446744073709551616} | /n | x-column",
                "{'id':'a','at':'2026-01-01T00:00:00Z','days':['1700-01-01']} | /days | x-column",
            })
    void aViolationNamesThePathAndTheKeyword(String json, String path, String keyword) {
        assertThat(validate(json.replace('\'', '"')).violations())
                .extracting(Violation::path, Violation::keyword)
                .contains(org.assertj.core.groups.Tuple.tuple(path, keyword));
    }

    @ParameterizedTest
    @CsvSource({
        "a@mail.example, true",
        "a.b+c@b.test, true",
        "a@localhost, true",
        "a..b@b.test, false",
        "a@-b.test, false"
    })
    void anEmailIsJudgedByItsGrammarAndNotByAListOfDomains(String email, boolean valid) {
        assertThat(validate("{\"id\":\"a\",\"at\":\"2026-01-01T00:00:00Z\",\"mail\":\"" + email + "\"}")
                        .valid())
                .isEqualTo(valid);
    }

    @Test
    void anEventWithoutATableHasNoColumnsToFit() {
        assertThat(validator
                        .validate("loose", utf8("{\"id\":\"a\",\"at\":\"1850-01-01T00:00:00Z\"}"))
                        .valid())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "nul",
                "{\"id\":1,\"id\":1}",
                "{} {}",
                "\uFEFF{}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"a\":\"\\ud800\\u0041\"}",
                "[NaN]",
                "[01]",
                "{'id':1}",
            })
    void whatIsNotJsonIsUndecodable(String text) {
        assertThat(validate(text).reason()).contains(DeadLetterReason.UNDECODABLE);
    }

    @Test
    void bytesThatAreNotUtf8AreUndecodable() {
        byte[][] inputs = {
            {(byte) 0xFF},
            {'"', (byte) 0xC0, (byte) 0x80, '"'},
            {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
            "{}".getBytes(StandardCharsets.UTF_16LE),
        };
        for (byte[] input : inputs) {
            assertThat(validator.validate("post_viewed", input).reason()).contains(DeadLetterReason.UNDECODABLE);
        }
        assertThat(validate("{\"a\":\"\\ud83d\\ude00\"}").violations())
                .extracting(Violation::keyword)
                .doesNotContain(Violation.JSON);
    }

    @Test
    void hostilePayloadsEndInAReport() {
        String base = "{\"id\":\"a\",\"at\":\"2026-01-01T00:00:00Z\",";
        assertThat(validate("[".repeat(100_000)).valid()).isFalse();
        assertThat(validate(base + "\"n\":1e400}").valid()).isFalse();
        assertThat(validate(base + "\"n\":1e10001234567890123456789000}").valid())
                .isFalse();
        assertThat(validate(base + "\"n\":1e300}").valid()).isFalse();
        assertThat(validate(base + "\"n\":" + "9".repeat(5_000) + "}").valid()).isFalse();
        assertThat(validate(base + "\"tree\":" + "{\"c\":".repeat(150) + "{}" + "}".repeat(150) + "}")
                        .valid())
                .isTrue();
        assertThat(validate(base + "\"slow\":\"" + "a".repeat(40) + "b\"}").violations())
                .extracting(Violation::keyword)
                .containsExactly(Violation.LIMIT);
    }

    @Test
    void aReportHoldsNoValueOfThePayload() {
        ValidationReport report = validate(
                "{\"id\":\"a\",\"at\":\"hunter2\",\"n\":-471199,\"kind\":\"hunter2\",\"mail\":\"hunter2 at home\"}");

        assertThat(report.violations()).hasSize(4);
        assertThat(report.toString()).doesNotContain("hunter2").doesNotContain("471199");
    }

    @Test
    void theFingerprintGroupsWhatFailedTheSameWay() {
        String at = "\"at\":\"2026-01-01T00:00:00Z\"";
        String first = validate("{\"id\":\"a\"," + at + ",\"days\":[\"x\"]}").fingerprint();
        String second = validate("{\"id\":\"b\"," + at + ",\"days\":[\"2026-01-01\",\"y\"]}")
                .fingerprint();
        String other = validate("{\"id\":\"\"," + at + "}").fingerprint();

        assertThat(first).isEqualTo(second).isNotEqualTo(other).matches("[0-9a-f]{8}");
    }

    @Test
    void eachVersionIsValidatedByItsOwnSchema() {
        byte[] old = utf8("{\"old\":1}");

        assertThat(validator.validate("post_viewed", 1, old).valid()).isTrue();
        assertThat(validator.validate("post_viewed", 2, old).reason()).contains(DeadLetterReason.INVALID);
        assertThat(validator.validate("post_viewed", 3, old).reason()).contains(DeadLetterReason.UNKNOWN_VERSION);
        assertThat(validator.validate("post_veiwed", old).reason()).contains(DeadLetterReason.UNKNOWN_EVENT);
        assertThat(validator.validate("post_veiwed", old).toString()).contains("did you mean 'post_viewed'?");
    }

    @Test
    void aTimeThatItsTableDoesNotKeepIsNotInsertable() {
        EventDefinition event = catalog.event("post_viewed").orElseThrow();
        Instant record = Instant.parse("2026-06-01T00:00:00Z");

        assertThat(validator.validateTime(event, record, record).valid()).isTrue();
        assertThat(validator
                        .validateTime(event, record.plus(Duration.ofHours(24)), record)
                        .valid())
                .isTrue();
        assertThat(validator
                        .validateTime(event, record.plus(Duration.ofHours(25)), record)
                        .reason())
                .contains(DeadLetterReason.NOT_INSERTABLE);
        assertThat(validator
                        .validateTime(event, record.minus(Duration.ofDays(30)), record)
                        .valid())
                .isTrue();
        assertThat(validator
                        .validateTime(event, record.minus(Duration.ofDays(31)), record)
                        .reason())
                .contains(DeadLetterReason.NOT_INSERTABLE);
    }

    private static ValidationReport validate(String json) {
        return validator.validate("post_viewed", utf8(json));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
