package dev.cdp.core.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.Violation;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the linter promises: where it finds nothing about a field's column, every value that the schema lets pass fits it.
 */
final class InsertabilityPropertyTest {

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1",
            "-1",
            "1.0",
            "1.5",
            "127",
            "128",
            "-129",
            "255",
            "256",
            "65536",
            "2147483648",
            "4294967296",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "1e30",
            "1e308",
            "1e400",
            "-1e400",
            "1e-400",
            "3.5e38",
            "\"\"",
            "\"a\"",
            "\"x y\"",
            "\"2026-01-31T12:00:00Z\"",
            "\"1900-01-01T00:00:00+14:00\"",
            "\"1899-12-31T23:59:59Z\"",
            "\"2300-01-01T00:00:00Z\"",
            "\"2299-12-31T23:59:59-23:59\"",
            "\"2263-01-01T00:00:00Z\"",
            "\"0001-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"2026-01-31\"",
            "\"1899-12-31\"",
            "\"2300-01-01\"",
            "\"0000-01-01\"",
            "\"9999-12-31\"",
            "\"123e4567-e89b-12d3-a456-426614174000\"",
            "\"1.2.3.4\"",
            "\"::1\"",
            "[]",
            "[1]",
            "[300]",
            "[null]",
            "[\"a\"]",
            "[1,\"a\"]",
            "[[1]]",
            "[1e400]",
            "{}",
            "0.01",
            "0.001",
            "-10000000.01",
            "1e37",
            "{\"a\":1}",
            "{\"a\":300}",
            "{\"a\":null}",
            "[{\"a\":1}]",
            "[{\"a\":300}]",
            "[{}]");

    private final CatalogFolder folder = new CatalogFolder(temporary());

    @Property(tries = 500)
    void whatTheLinterPassesFits(@ForAll("fields") String field, @ForAll boolean required) {
        folder.file(
                "s.json", "{\"properties\":{\"f\":" + field + "}" + (required ? ",\"required\":[\"f\"]" : "") + "}");
        Catalog catalog = folder.load("events: { e: { schema: s.json } }\n");
        boolean found = CatalogLinter.check(catalog).findings().stream()
                .anyMatch(finding -> finding.rule().startsWith("insert-"));
        EventValidator validator = EventValidator.of(catalog);

        for (String value : VALUES) {
            ValidationReport report =
                    validator.validate("e", ("{\"f\":" + value + "}").getBytes(StandardCharsets.UTF_8));
            boolean fits = report.violations().stream()
                    .noneMatch(violation -> violation.keyword().equals(Violation.COLUMN));
            assertThat(fits || found).as("%s as %s: %s", value, field, report).isTrue();
        }
    }

    @Provide
    Arbitrary<String> fields() {
        return Arbitraries.lazyOf(
                this::leaf,
                this::leaf,
                this::leaf,
                () -> leaf().map(items -> "{\"type\":\"array\",\"items\":" + items + "}"),
                () -> leaf().map(items ->
                        "{\"type\":\"array\",\"items\":" + items + ",\"x-clickhouse-type\":\"Array(UInt8)\"}"));
    }

    private Arbitrary<String> leaf() {
        Arbitrary<String> type = Arbitraries.of(
                "",
                "\"type\":\"integer\"",
                "\"type\":\"number\"",
                "\"type\":\"string\"",
                "\"type\":\"boolean\"",
                "\"type\":[\"integer\",\"null\"]",
                "\"type\":[\"integer\",\"number\"]",
                "\"type\":[\"string\",\"integer\"]",
                "\"type\":\"array\"",
                "\"type\":\"object\"");
        Arbitrary<String> low = Arbitraries.of(
                "",
                "\"minimum\":0",
                "\"minimum\":-128",
                "\"minimum\":-1.5",
                "\"exclusiveMinimum\":-1",
                "\"minimum\":-9223372036854775808",
                "\"minimum\":-1.7e308",
                "\"allOf\":[{\"minimum\":0},{\"maximum\":9}]");
        Arbitrary<String> high = Arbitraries.of(
                "",
                "\"maximum\":127",
                "\"maximum\":300",
                "\"exclusiveMaximum\":256",
                "\"maximum\":18446744073709551615",
                "\"maximum\":1e30",
                "\"maximum\":1.7e308",
                "\"anyOf\":[{\"maximum\":9},{\"minimum\":1000000}]");
        Arbitrary<String> more = Arbitraries.of(
                "",
                "\"format\":\"date-time\"",
                "\"format\":\"date\"",
                "\"format\":\"uuid\"",
                "\"format\":\"ipv4\"",
                "\"format\":\"date-time\",\"pattern\":\"^2[01]\"",
                "\"format\":\"date-time\",\"pattern\":\"Z$\"",
                "\"format\":\"date\",\"pattern\":\"^(19[1-9]|2[01])\"",
                "\"multipleOf\":1",
                "\"multipleOf\":0.5",
                "\"multipleOf\":0.01",
                "\"additionalProperties\":{\"type\":\"integer\",\"minimum\":0}",
                "\"additionalProperties\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":255}",
                "\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\",\"maximum\":299}}",
                "\"enum\":[1,300]",
                "\"enum\":[\"a\",null]",
                "\"const\":true",
                "\"enum\":[1.5,\"a\"]");
        Arbitrary<String> named = Arbitraries.of(
                        Optional.<String>empty(),
                        Optional.<String>empty(),
                        Optional.<String>empty(),
                        Optional.of("UInt8"),
                        Optional.of("Int32"),
                        Optional.of("Int64"),
                        Optional.of("Float32"),
                        Optional.of("Float64"),
                        Optional.of("String"),
                        Optional.of("Bool"),
                        Optional.of("UUID"),
                        Optional.of("IPv4"),
                        Optional.of("Date32"),
                        Optional.of("DateTime64(3)"),
                        Optional.of("DateTime64(9)"),
                        Optional.of("LowCardinality(String)"),
                        Optional.of("Decimal(9, 2)"),
                        Optional.of("JSON"),
                        Optional.of("Map(String, UInt8)"),
                        Optional.of("Array(Tuple(a UInt8))"),
                        Optional.of("Nullable(UInt8)"))
                .map(name ->
                        name.map(sql -> "\"x-clickhouse-type\":\"" + sql + "\"").orElse(""));
        return Combinators.combine(type, low, high, more, named)
                .as((a, b, c, d, e) -> "{"
                        + String.join(
                                ",",
                                List.of(a, b, c, d, e).stream()
                                        .filter(part -> !part.isEmpty())
                                        .toList()) + "}");
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("cdp-insertability");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
