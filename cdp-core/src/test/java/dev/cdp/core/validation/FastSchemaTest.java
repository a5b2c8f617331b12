package dev.cdp.core.validation;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import dev.cdp.core.schema.Dialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class FastSchemaTest {

    private static final byte[] NOTHING = {};

    @ParameterizedTest
    @ValueSource(strings = {"-0.0", "-0", "0", "0.0", "0e1", "-1e-5", "00", "", "-", "1e400"})
    void nothingAtOrBelowZeroIsAboveZero(String number) {
        assertThat(accepts("{\"type\":\"number\",\"exclusiveMinimum\":0}", number))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "1e100000000", "-1E+999", "0.1e-400", "1e", "1e+", "01", "1.", ".5", "+1", "0x1"})
    void numbersThatReadersDifferOnAreLeftAlone(String number) {
        assertThat(accepts("{\"type\":\"number\"}", number)).isFalse();
        assertThat(accepts("true", number)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1.0", "1e2", "12345678901234567890", "-0.0", "1.5"})
    void anIntegerIsOneByItsSpelling(String number) {
        assertThat(accepts("{\"type\":\"integer\"}", number)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0.30000000000000004, true",
        "0.3, true",
        "52.520006599999996, true",
        "90, true",
        "90.0, true",
        "90.000000000000001, false",
        "90.1, false",
        "-90.1, false",
        "999999999999999999, false",
        "9999999999999999999, false"
    })
    void decimalsAreComparedExactly(String number, boolean accepted) {
        assertThat(accepts("{\"type\":\"number\",\"minimum\":-90,\"maximum\":90}", number))
                .isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({"19.99, true", "0.01, true", "1, true", "1e2, false", "0.001, false", "100000000000000.5, false"})
    void multiplesOfDecimalsAreExact(String number, boolean accepted) {
        assertThat(accepts("{\"multipleOf\":0.01}", number)).isEqualTo(accepted);
    }

    @Test
    void noPrefixOfAValidTextIsAccepted() {
        Workload workload = new Workload(7);
        FastSchema schema = Workload.compile(Workload.EVENT_SCHEMA);
        byte[] json = workload.event();
        FastSchema any = compile("true");
        assertThat(schema.accepts(json, 0, json.length)).isTrue();
        for (int to = 0; to < json.length; to++) {
            assertThat(schema.accepts(json, 0, to)).as("first %d bytes", to).isFalse();
            assertThat(any.accepts(json, 0, to)).as("first %d bytes", to).isFalse();
        }
    }

    @Test
    void emptyInputIsNotAccepted() {
        FastSchema any = compile("true");
        assertThat(any.accepts(NOTHING, 0, 0)).isFalse();
        assertThat(any.accepts(bytes("   "), 0, 3)).isFalse();
        assertThat(any.accepts(new byte[] {0}, 0, 1)).isFalse();
    }

    @Test
    void aRangeOfAnArrayIsReadAndNothingAroundIt() {
        byte[] around = bytes("xx{\"a\":1}yy");
        assertThat(compile("{\"type\":\"object\"}").accepts(around, 2, 9)).isTrue();
        assertThat(compile("{\"type\":\"object\"}").accepts(around, 2, 10)).isFalse();
    }

    @Test
    void whatAnEarlierTextLeftBehindIsNotRead() {
        FastSchema any = compile("true");
        assertThat(any.accepts(bytes("[1,2,3,4,5,6,7,8,9,10]"), 0, 22)).isTrue();
        assertThat(any.accepts(bytes("[1,2,3"), 0, 6)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":1}",
                "{\"x\":1,\"x\":1}",
                "{\"x\":1,\"\\u0078\":1}",
                "{\"y\":{\"x\":1,\"x\":2}}",
                "[{\"x\":1,\"x\":1}]"
            })
    void aRepeatedKeyIsNeverAccepted(String json) {
        assertThat(accepts("{\"properties\":{\"a\":true}}", json)).isFalse();
    }

    @Test
    void anEscapedKeyIsTheKey() {
        String schema =
                "{\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"],\"additionalProperties\":false}";
        assertThat(accepts(schema, "{\"\\u0061\":1}")).isTrue();
        assertThat(accepts(schema, "{\"\\u0061\":\"1\"}")).isFalse();
        assertThat(accepts(schema, "{\"\\u0061 \":1}")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "\\u0000"       | true
            "\\ud83d\\ude00"| true
            "😀"            | true
            "é"             | true
            "\\u00e9"       | true
            "ab"            | false
            "\\ud83d"       | false
            "\\ude00"       | false
            "\\ude00\\ud83d"| false
            "\\ud83dx"      | false
            "\\u12"         | false
            "\\q"           | false
            ""              | false
            """)
    void aCodePointIsOneCharacterHoweverItIsWritten(String json, boolean accepted) {
        assertThat(accepts("{\"type\":\"string\",\"minLength\":1,\"maxLength\":1}", json))
                .isEqualTo(accepted);
    }

    static byte[][] malformedUtf8() {
        return new byte[][] {
            {'"', (byte) 0xC0, (byte) 0x80, '"'},
            {'"', (byte) 0xC1, (byte) 0xBF, '"'},
            {'"', (byte) 0xE0, (byte) 0x80, (byte) 0x80, '"'},
            {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
            {'"', (byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
            {'"', (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'},
            {'"', (byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
            {'"', (byte) 0xC3, '"'},
            {'"', (byte) 0xE2, (byte) 0x82, '"'},
            {'"', (byte) 0x80, '"'},
            {'"', (byte) 0xFF, '"'},
            {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '1'},
            {(byte) 0xFE, (byte) 0xFF, 0, '1'},
            {'"', 0x1F, '"'},
            {'"', 0, '"'},
            {'1', (byte) 0xC2, (byte) 0xA0},
        };
    }

    @ParameterizedTest
    @MethodSource("malformedUtf8")
    void malformedUtf8IsNeverAccepted(byte[] json) {
        assertThat(compile("true").accepts(json, 0, json.length)).isFalse();
    }

    @Test
    void aKeyOfBytesThatAreNotUtf8IsNoPropertyOfTheSchema() {
        FastSchema schema = compile("{\"properties\":{\"é\":true}}");
        byte[] json = bytes("{\"é\":1}");
        assertThat(schema.accepts(json, 0, json.length)).isTrue();
        for (byte other : new byte[] {-1, 0}) {
            byte[] malformed = json.clone();
            Arrays.fill(malformed, 2, 6, other);
            assertThat(schema.accepts(malformed, 0, malformed.length)).isFalse();
        }
    }

    @Test
    void nestingOfAHundredThousandIsLeftAlone() {
        FastSchema any = compile("true");
        FastSchema list = compile("{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}");
        for (String open : new String[] {"[", "{\"a\":"}) {
            byte[] json = bytes(open.repeat(100_000));
            assertThat(any.accepts(json, 0, json.length)).isFalse();
            assertThat(list.accepts(json, 0, json.length)).isFalse();
        }
        byte[] hundred = bytes("[".repeat(100) + "]".repeat(100));
        assertThat(any.accepts(hundred, 0, hundred.length)).isTrue();
        assertThat(list.accepts(hundred, 0, hundred.length)).isTrue();
    }

    @Test
    void aStringOfTenMegabytesIsLeftAlone() {
        byte[] json = new byte[10_000_000];
        Arrays.fill(json, (byte) 'a');
        json[0] = '"';
        json[json.length - 1] = '"';
        assertThat(compile("true").accepts(json, 0, json.length)).isFalse();
        assertThat(compile("true").accepts(Arrays.copyOf(json, 100), 0, 100)).isFalse();
    }

    @Test
    void aSchemaOfTwentyTwoDoublingsTakesBoundedTime() {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 22; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            schema.append("\"d%d\":{\"allOf\":[%s,%s]},".formatted(i, next, next));
        }
        schema.append("\"d22\":{\"type\":\"integer\"}}}");
        FastSchema bomb = compile(schema.toString());
        for (String json : new String[] {"1", "\"a\"", "[1,2,3]"}) {
            assertThat(bomb.accepts(bytes(json), 0, json.length())).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#\"}",
                "{\"allOf\":[{\"$ref\":\"#\"}]}",
                "{\"anyOf\":[{\"type\":\"string\"},{\"$ref\":\"#\"}]}",
                "{\"not\":{\"$ref\":\"#\"}}",
                "{\"if\":true,\"then\":{\"$ref\":\"#\"}}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}",
                "{\"properties\":{\"x\":{\"oneOf\":[{\"$ref\":\"#/properties/x\"}]}}}"
            })
    void aSchemaThatGoesInCirclesIsLeftAlone(String schema) {
        FastSchema circle = compile(schema);
        assertThat(circle.complete()).isFalse();
        assertThat(circle.accepts(bytes("\"a\""), 0, 3)).isFalse();
        assertThat(circle.accepts(bytes("{\"x\":1}"), 0, 7)).isFalse();
    }

    @Test
    void aRecursiveSchemaThatReadsOnIsKnown() {
        String tree = "{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"integer\"},"
                + "\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}},\"required\":[\"value\"]}";
        FastSchema schema = compile(tree);
        assertThat(schema.complete()).isTrue();
        assertThat(accepts(tree, "{\"value\":1,\"children\":[{\"value\":2,\"children\":[]}]}"))
                .isTrue();
        assertThat(accepts(tree, "{\"value\":1,\"children\":[{\"children\":[]}]}"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"unevaluatedProperties\":false}",
                "{\"$dynamicRef\":\"#x\"}",
                "{\"nullable\":true}",
                "{\"format\":\"regex\"}",
                "{\"pattern\":\"(?=a)\"}",
                "{\"pattern\":\"[a-z&&[^b]]\"}",
                "{\"pattern\":\"(\\\\w+)\\\\1\"}",
                "{\"pattern\":\"a{100000}\"}",
                "{\"minimum\":\"1\"}",
                "{\"const\":\"\\ud800\"}",
                "{\"required\":[\"\\ud800\"]}",
                "{\"$ref\":\"https://elsewhere.example/schema.json\"}"
            })
    void whatIsNotKnownIsLeftAlone(String schema) {
        assertThat(compile(schema).complete()).isFalse();
    }

    @Test
    void aPropertyOutsideWhatIsNotKnownStillGetsAnAnswer() {
        String schema = "{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"unevaluatedItems\":false}}}";
        assertThat(accepts(schema, "{\"a\":1}")).isTrue();
        assertThat(accepts(schema, "{\"a\":1,\"b\":[]}")).isFalse();
    }

    @Test
    void moreThanSixtyFourPropertiesAreTold() {
        StringBuilder properties = new StringBuilder();
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            properties.append(i == 0 ? "" : ",").append("\"p" + i + "\":{\"type\":\"integer\"}");
            json.append(i == 0 ? "" : ",").append("\"p" + i + "\":" + i);
        }
        String schema = "{\"properties\":{" + properties + "},\"required\":[\"p99\"],\"additionalProperties\":false}";
        assertThat(accepts(schema, "{" + json + "}")).isTrue();
        assertThat(accepts(schema, "{" + json + ",\"p98\":1}")).isFalse();
        assertThat(accepts(schema, "{" + json.toString().replace("\"p99\"", "\"q\"") + "}"))
                .isFalse();
    }

    @Test
    void aValidEventAllocatesNothing() {
        Workload workload = new Workload(3);
        FastSchema event = Workload.compile(Workload.EVENT_SCHEMA);
        FastSchema order = Workload.compile(Workload.ORDER_SCHEMA);
        byte[][] events = {workload.event(), workload.order(), workload.shuffled(workload.event())};
        run(event, order, events, 20_000);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int accepted = run(event, order, events, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(accepted).isEqualTo(30_000);
        assertThat(allocated).as("bytes for 30,000 texts").isLessThan(10_000);
    }

    @Test
    void noKeywordAllocatesOnAValidText() {
        FastSchema schema = compile("""
                {"type":"object","minProperties":1,"propertyNames":{"maxLength":9},
                 "patternProperties":{"^x-":{"type":"string"}},"additionalProperties":{"type":"number"},
                 "dependentRequired":{"a":["b"]},"dependentSchemas":{"a":{"required":["c"]}},
                 "properties":{
                  "a":{"anyOf":[{"type":"string","pattern":"^(a|b)+c?"},{"const":"z"}]},
                  "b":{"oneOf":[{"minimum":5,"type":"integer"},{"multipleOf":0.5,"maximum":4}]},
                  "c":{"not":{"enum":["x","y"]},"minLength":2},
                  "d":{"type":"array","uniqueItems":true,"contains":{"const":2},"prefixItems":[{"type":"boolean"}]},
                  "e":{"if":{"required":["k"]},"then":{"properties":{"k":{"format":"ipv6"}}}},
                  "f":{"$ref":"#/$defs/tree"}},
                 "$defs":{"tree":{"properties":{"f":{"$ref":"#/$defs/tree"}}}}}
                """);
        byte[] json = bytes("{ \"x-é\":\"\\ud83d\\ude00é\",\"a\":\"abc\",\"b\":3.5,\"c\":\"é\\n\",\"d\":[true,2,3],"
                + "\"e\":{\"k\":\"::1\"},\"\\u0066\":{\"f\":{\"f\":{}}},\"more\":-1.5e3 }");
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            accepted += schema.accepts(json, 0, json.length) ? 1 : 0;
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            accepted += schema.accepts(json, 0, json.length) ? 1 : 0;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(accepted).isEqualTo(30_000);
        assertThat(allocated).as("bytes for 10,000 texts").isLessThan(10_000);
    }

    private static int run(FastSchema event, FastSchema order, byte[][] texts, int times) {
        int accepted = 0;
        for (int i = 0; i < times; i++) {
            accepted += event.accepts(texts[0], 0, texts[0].length) ? 1 : 0;
            accepted += order.accepts(texts[1], 0, texts[1].length) ? 1 : 0;
            accepted += event.accepts(texts[2], 0, texts[2].length) ? 1 : 0;
        }
        return accepted;
    }

    private static boolean accepts(String schema, String json) {
        byte[] utf8 = bytes(json);
        return compile(schema).accepts(utf8, 0, utf8.length);
    }

    private static FastSchema compile(String schema) {
        return FastSchema.compile(
                JsonMapper.shared().readTree(schema), URI.create("cdp:/root.json"), Map.of(), Dialect.DRAFT_2020_12);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
