package dev.cdp.core.validation;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cdp.core.catalog.CatalogFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever the bytes are, a report comes back, and in bounded time. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostilePayloadTest {

    private static final String VALID = "{\"id\":\"é\",\"at\":\"2026-01-01T00:00:00Z\",\"n\":3,\"price\":0.25,"
            + "\"tree\":{\"c\":{\"c\":{}}},\"set\":[1,\"a\",{}],\"mail\":\"a@b.test\",\"code\":\"aab\",\"one\":1}";
    private static final int RANDOM = 20_000;

    @TempDir
    private static Path temp;

    private static EventValidator validator;

    @BeforeAll
    static void loadCatalog() {
        validator = EventValidator.of(
                new CatalogFolder(temp).file("e.json", """
                        {"type": "object", "required": ["id", "at"], "properties": {
                          "id": {"type": "string", "minLength": 1, "maxLength": 20},
                          "at": {"type": "string", "format": "date-time"},
                          "n": {"type": "integer", "minimum": 0, "maximum": 1000000},
                          "price": {"type": "number", "multipleOf": 0.01, "exclusiveMinimum": -1e9, "maximum": 1e9},
                          "tree": {"$ref": "#/$defs/tree"},
                          "set": {"type": "array", "uniqueItems": true, "contains": {"const": 1}},
                          "mail": {"type": "string", "format": "email"},
                          "nest": {"$ref": "#/$defs/nest"},
                          "code": {"type": "string", "pattern": "^(a|b)*$"},
                          "one": {"oneOf": [{"const": 1.0}, {"enum": ["x", {}, 2.5]}, {"type": "array"}]},
                          "not": {"not": {"multipleOf": 3}}},
                         "$defs": {"tree": {"type": "object", "unevaluatedProperties": false,
                           "properties": {"c": {"$ref": "#/$defs/tree"}}},
                                   "nest": {"properties": {"c": {"$ref": "#/$defs/nest"}}}}}
                        """).load("events:\n  e: { schema: e.json }\n"));
        assertThat(validate(utf8(VALID)).valid()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "-1e999999999",
                "1e-999999999",
                "1e2147483648",
                "1e99999999999999999999",
                "-0.0",
                "1e308",
                "1e309",
                "123456789012345678901234567890.123456789",
                "\"\\ud83d\"",
                "\"\\u0000\"",
                "null",
                "[[[]]]",
                "{\"\":{\"\":{}}}",
                "[1,1.0,1e0,10e-1]",
                "[1e999999999,1e999999998]",
                "[{},{},[],[]]",
                "{\"c\":{\"c\":{\"d\":1}}}"
            })
    void oddValuesStandAnywhere(String value) {
        for (String key : List.of("id", "at", "n", "price", "tree", "set", "mail", "code", "one", "not", "other")) {
            String payload = VALID.replaceFirst("}$", ",\"" + key + "\":" + value + "}");
            for (String json : List.of(value, payload, payload.replaceFirst("\"" + key + "\":", "\"was\":"))) {
                assertThat(validate(utf8(json)).toString()).isNotEmpty();
            }
        }
    }

    static Stream<String> large() {
        int many = 200_000;
        return Stream.of(
                "[".repeat(many),
                "[".repeat(many) + "]".repeat(many),
                "{\"tree\":" + "{\"c\":".repeat(many),
                "{\"tree\":" + "{\"c\":".repeat(190) + "{}" + "}".repeat(190) + "}",
                "{\"id\":\"" + "x".repeat(21_000_000) + "\"}",
                "{\"id\":\"" + "\\u00e9".repeat(many) + "\"}",
                "{\"id\":\"" + "\\".repeat(many) + "\"}",
                "{\"code\":\"" + "ab".repeat(many) + "\"}",
                "{\"n\":" + "9".repeat(many) + "}",
                "{\"price\":0." + "1".repeat(900) + "}",
                "{\"n\":1" + "0".repeat(900) + "}",
                "{" + IntStream.range(0, many).mapToObj(i -> "\"k" + i + "\":1").collect(joining(",")) + "}",
                "{" + "\"a\":1,".repeat(many) + "\"a\":1}",
                "{\"set\":["
                        + IntStream.range(0, 10_000).mapToObj(String::valueOf).collect(joining(",")) + "]}",
                "{" + sameHash(12).map(key -> "\"" + key + "\":1").collect(joining(",")) + "}",
                " ".repeat(many),
                " ".repeat(many) + VALID + "\n".repeat(many));
    }

    @ParameterizedTest
    @MethodSource("large")
    void whatIsLargeOrDeepEndsInAReport(String json) {
        assertThat(validate(utf8(json)).toString()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 90, 198, 199, 200, 201, 250, 511, 512, 513})
    void bothTiersHaveTheSameLimitOfDepth(int depth) {
        String start = "{\"id\":\"a\",\"at\":\"2026-01-01T00:00:00Z\",";
        int inner = depth - 1;
        assertThat(validate(utf8(start + "\"other\":" + "[".repeat(inner) + "]".repeat(inner) + "}"))
                        .valid())
                .isEqualTo(depth <= StrictJson.MAX_DEPTH);
        assertThat(validate(utf8(start + "\"nest\":" + "{\"c\":".repeat(inner - 1) + "{}" + "}".repeat(inner)))
                        .valid())
                .isEqualTo(depth <= StrictJson.MAX_DEPTH);
    }

    @Test
    void bothTiersReadAKeyOfAnyLength() throws StrictJson.MalformedException {
        String json = "{\"id\":\"a\",\"at\":\"2026-01-01T00:00:00Z\",\"" + "k".repeat(60_000) + "\":1}";
        assertThat(validate(utf8(json)).valid()).isTrue();
        assertThat(StrictJson.parse(utf8(json)).size()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE", "ISO-8859-1", "IBM037"})
    void otherEncodingsAreNotGuessed(String charset) {
        assertThat(validate(VALID.getBytes(Charset.forName(charset))).violations())
                .extracting(Violation::keyword)
                .containsExactly(Violation.JSON);
    }

    @Test
    void randomBytesAndDamagedPayloadsEndInAReport() {
        Random random = new Random(20_261_122);
        byte[] valid = utf8(VALID);
        for (int i = 0; i < RANDOM; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            byte[] damaged = Arrays.copyOf(valid, 1 + random.nextInt(valid.length + 16));
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            assertThat(validate(noise).toString()).isNotEmpty();
            assertThat(validate(damaged).toString()).isNotEmpty();
        }
    }

    /** Stacks of threads are set by applications; what does not fit one is that record's violation. */
    @Test
    void aThreadWithHardlyAnyStackGetsAReport() throws InterruptedException {
        byte[] deep = utf8(VALID.replaceFirst("\\{}", "{\"c\":".repeat(180) + "{}" + "}".repeat(180)));
        assertThat(validate(deep).valid()).isTrue();
        AtomicReference<ValidationReport> report = new AtomicReference<>();
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = new Thread(null, () -> report.set(validate(deep)), "small stack", 1);
        thread.setUncaughtExceptionHandler((t, e) -> thrown.add(e));
        thread.start();
        thread.join();
        assertThat(thrown).isEmpty();
        assertThat(report.get().violations()).extracting(Violation::keyword).containsExactly(Violation.LIMIT);
    }

    private static Stream<String> sameHash(int blocks) {
        return IntStream.range(0, 1 << blocks)
                .mapToObj(bits -> IntStream.range(0, blocks)
                        .mapToObj(i -> (bits >> i & 1) == 0 ? "Aa" : "BB")
                        .collect(joining()));
    }

    private static ValidationReport validate(byte[] json) {
        return validator.validate("e", json);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
