package dev.cdp.core.validation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.cdp.core.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Below an {@code x-pii} field an undeclared name is in no path and no message. */
final class PersonalViolationsTest {

    private static final String NAME = "ann@example.org";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "additionalProperties: false",
                "unevaluatedProperties: false",
                "additionalProperties: { type: integer }",
                "additionalProperties: { type: object, required: [x], properties: { x: { type: integer } } }",
                "patternProperties: { '@': { type: integer } }",
                "propertyNames: { maxLength: 3 }",
                "propertyNames: { pattern: '^[a-z]+$' }",
                "properties: { list: { type: array, items: { additionalProperties: { type: integer } } } }",
                "properties: { list: { type: array, items: { additionalProperties: false } } }",
                "maxProperties: 0",
                "dependentRequired: { 'list': [x] }"
            })
    void anUndeclaredNameIsLeftOut(String rule) throws IOException {
        ValidationReport report = validate(
                "person: { x-pii: true, type: object, " + rule + " }",
                "{\"person\":{\"" + NAME + "\":{\"x\":\"" + NAME + "\",\"" + NAME + "\":{}},\"list\":[{\"" + NAME
                        + "\":\"\"}]}}");

        assertThat(report.violations()).isNotEmpty();
        assertThat(report.violations().toString()).doesNotContain(NAME, "ann");
        assertThat(report.violations()).allMatch(violation -> violation.path().startsWith("/person"));
    }

    @Test
    void declaredNamesAndIndicesAreShownAndOthersWhereNothingIsPersonal() throws IOException {
        assertThat(validate(
                                "person: { x-pii: true, properties: { list: { items: { properties: { n: { type: integer } } } } } }",
                                "{\"person\":{\"list\":[{},{\"n\":\"\"}]}}")
                        .violations())
                .extracting(Violation::path)
                .isEqualTo(List.of("/person/list/1/n"));
        assertThat(validate("counts: { additionalProperties: { type: integer } }", "{\"counts\":{\"a~b/c\":\"\"}}")
                        .violations())
                .extracting(Violation::path)
                .isEqualTo(List.of("/counts/a~0b~1c"));
    }

    private ValidationReport validate(String properties, String payload) throws IOException {
        Path file = Files.writeString(folder.resolve("cdp.yaml"), """
                cdp: 1
                catalog: c
                source: //c
                events:
                  e: { table: none, schema: { type: object, properties: { %s } } }
                """.formatted(properties));
        return EventValidator.of(Catalog.load(file)).validate("e", payload.getBytes(StandardCharsets.UTF_8));
    }
}
