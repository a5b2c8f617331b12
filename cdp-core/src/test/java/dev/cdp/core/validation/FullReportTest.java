package dev.cdp.core.validation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every violation says where, what, what was expected, what kind of thing was found, and never the value. */
final class FullReportTest {

    private static final String SECRET = "s3cr3t";

    @TempDir
    private static Path temp;

    private static EventValidator validator;

    @BeforeAll
    static void loadCatalog() {
        Catalog catalog = new CatalogFolder(temp)
                .file(
                        "parts.json",
                        "{\"$defs\": {\"mail\": {\"type\": \"string\", \"format\": \"email\", \"x-pii\": true}}}")
                .file("s.json", """
                        {"type": "object", "required": ["id"], "additionalProperties": false,
                         "propertyNames": {"maxLength": 9},
                         "dependentRequired": {"n": ["id"]},
                         "properties": {
                          "id": true,
                          "mail": {"$ref": "parts.json#/$defs/mail"},
                          "type": {"type": "integer", "x-pii": true},
                          "enum": {"enum": ["a"], "x-pii": true},
                          "const": {"const": "a", "x-pii": true},
                          "n": {"minimum": 1, "maximum": 9},
                          "step": {"multipleOf": 2},
                          "long": {"maxLength": 3, "x-pii": true},
                          "short": {"minLength": 9, "x-pii": true},
                          "like": {"pattern": "^x$", "x-pii": true},
                          "none": false,
                          "not": {"not": {"type": "string"}, "x-pii": true},
                          "any": {"anyOf": [{"type": "integer"}, {"const": "a"}], "x-pii": true},
                          "one": {"oneOf": [{"type": "string"}, {"minLength": 1}], "x-pii": true},
                          "list": {"maxItems": 1, "uniqueItems": true, "items": {"type": "string"}, "x-pii": true},
                          "has": {"contains": {"type": "integer"}},
                          "tuple": {"prefixItems": [true], "items": false, "x-pii": true},
                          "small": {"type": "object", "maxProperties": 0, "x-pii": true}}}
                        """)
                .file(
                        "wide.json",
                        "{\"properties\": {\"n\": {\"type\": \"integer\", \"x-clickhouse-type\": \"UInt8\"}}}")
                .load("events:\n  e: { schema: s.json, table: none }\n  w: { schema: wide.json }\n");
        validator = EventValidator.of(catalog);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | '' | required | missing-property | s.json#/required",
                "{'id':1,'n':5,'x':'s3cr3t'} | '' | additionalProperties | undeclared-property | s.json#/additionalProperties",
                "{'id':1,'mail':'s3cr3t'} | /mail | format | wrong-format | parts.json#/$defs/mail/format",
                "{'id':1,'type':'s3cr3t'} | /type | type | wrong-type | s.json#/properties/type/type",
                "{'id':1,'enum':'s3cr3t'} | /enum | enum | not-listed | s.json#/properties/enum/enum",
                "{'id':1,'const':'s3cr3t'} | /const | const | not-listed | s.json#/properties/const/const",
                "{'id':1,'n':0} | /n | minimum | out-of-range | s.json#/properties/n/minimum",
                "{'id':1,'n':10} | /n | maximum | out-of-range | s.json#/properties/n/maximum",
                "{'id':1,'step':3} | /step | multipleOf | out-of-range | s.json#/properties/step/multipleOf",
                "{'id':1,'long':'s3cr3t'} | /long | maxLength | wrong-length | s.json#/properties/long/maxLength",
                "{'id':1,'short':'s3cr3t'} | /short | minLength | wrong-length | s.json#/properties/short/minLength",
                "{'id':1,'like':'s3cr3t'} | /like | pattern | wrong-format | s.json#/properties/like/pattern",
                "{'id':1,'none':'s3cr3t'} | /none | false | forbidden | s.json#/properties/none",
                "{'id':1,'not':'s3cr3t'} | /not | not | forbidden | s.json#/properties/not/not",
                "{'id':1,'one':'s3cr3t'} | /one | oneOf | no-alternative | s.json#/properties/one/oneOf",
                "{'id':1,'list':['s3cr3t','b']} | /list | maxItems | wrong-items | s.json#/properties/list/maxItems",
                "{'id':1,'list':['s3cr3t','s3cr3t']} | /list | uniqueItems | wrong-items | s.json#/properties/list/uniqueItems",
                "{'id':1,'has':['s3cr3t']} | /has | minContains | wrong-items | s.json#/properties/has/contains",
                "{'id':1,'tuple':[1,'s3cr3t']} | /tuple | items | wrong-items | s.json#/properties/tuple/items",
                "{'id':1,'small':{'a':'s3cr3t'}} | /small | maxProperties | wrong-properties | s.json#/properties/small/maxProperties",
            })
    void everyViolationIsWhole(String json, String path, String keyword, String code, String location) {
        ValidationReport report = validate("e", json);

        assertThat(report.violations()).anySatisfy(violation -> {
            assertThat(violation.path()).isEqualTo(path);
            assertThat(violation.keyword()).isEqualTo(keyword);
            assertThat(violation.code()).isEqualTo(code);
            assertThat(violation.schemaLocation()).isEqualTo(location);
        });
        assertThat(report.violations()).allSatisfy(violation -> {
            assertThat(violation.schemaLocation()).isNotEmpty();
            assertThat(violation.code()).isNotEqualTo("refused");
            assertThat(violation.message())
                    .containsPattern("expected .*, found |is missing|is not declared|nothing is allowed");
        });
        assertThat(report.toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{} | id | nothing",
                "{'id':1,'n':5,'x':'s3cr3t'} | false | string",
                "{'id':1,'type':'s3cr3t'} | 'integer' | string",
                "{'id':1,'type':1.5} | 'integer' | number",
                "{'id':1,'type':null} | 'integer' | null",
                "{'id':1,'enum':true} | ['a'] | boolean",
                "{'id':1,'const':{}} | 'a' | object",
                "{'id':1,'n':10.0} | 9 | integer",
                "{'id':1,'list':['s3cr3t',1]} | 1 | array",
            })
    void whatWasExpectedAndFoundAreFieldsOfTheirOwn(String json, String expected, String found) {
        assertThat(validate("e", json).violations())
                .extracting(violation -> violation.expected().replace('"', '\''), Violation::found)
                .contains(org.assertj.core.groups.Tuple.tuple(expected, found));
    }

    @Test
    void everyBranchOfAnAlternativeSaysWhyItRefuses() {
        assertThat(validate("e", "{'id':1,'any':'s3cr3t'}").violations())
                .extracting(Violation::code)
                .contains("wrong-type", "not-listed");
    }

    @Test
    void whatIsNoSchemasFaultHasACodeToo() {
        assertThat(validate("e", "{").violations()).extracting(Violation::code).containsExactly("not-json");
        assertThat(validate("x", "{}").violations()).extracting(Violation::code).containsExactly("unknown-event");
        assertThat(validator
                        .validate("e", 7, "{}".getBytes(StandardCharsets.UTF_8))
                        .violations())
                .extracting(Violation::code)
                .containsExactly("unknown-version");
        assertThat(validate("w", "{'n':300}").violations())
                .containsExactly(new Violation(
                        "/n",
                        "x-column",
                        "column n is Nullable(UInt8): expected an integer of 8 bits",
                        "Nullable(UInt8)",
                        "integer",
                        "cdp.w.n"));
    }

    @Test
    void everyCodeIsInItsPageWithItsKeywords() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "violations.md"))) {
            Matcher row = Pattern.compile("\\| `([a-z-]+)` \\| (`.*) \\|").matcher(line);
            if (row.matches() && seen.add(row.group(1))) {
                Pattern.compile("`([A-Za-z-]+)`")
                        .matcher(row.group(2))
                        .results()
                        .forEach(keyword -> assertThat(new Violation("", keyword.group(1), "").code())
                                .as(keyword.group(1))
                                .isEqualTo(row.group(1)));
            }
        }
        assertThat(seen).hasSize(16);
    }

    private static ValidationReport validate(String event, String json) {
        return validator.validate(event, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
