package dev.cdp.core.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.ser.std.ToStringSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is published of an object is what Jackson writes of it, whoever writes it. */
final class EventBindingTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

    @Property(tries = 1_000)
    void a_plain_record_is_written_byte_for_byte_as_jackson_does(@ForAll("plain") Plain plain) {
        RecordWriter records = RecordWriter.of(EventBinding.MAPPER, Plain.class);
        assertThat(records).isNotNull();

        byte[] expected = byJackson(plain);
        byte[] written = records.write(plain);

        if (expected == null) {
            assertThat(written).as("Jackson refuses it").isNull();
        } else if (written != null) {
            assertThat(written).asString(StandardCharsets.UTF_8).isEqualTo(text(expected));
            assertThat(written).isEqualTo(expected);
        } else {
            boolean finite =
                    Double.isFinite(plain.share) && (plain.maybeShare == null || Double.isFinite(plain.maybeShare));
            assertThat(!finite || text(expected).contains("\\uD"))
                    .as("left to Jackson: %s", text(expected))
                    .isTrue();
        }
    }

    @Property(tries = 1_000)
    void any_text_is_written_byte_for_byte_as_jackson_does(@ForAll("texts") String text) {
        RecordWriter records = RecordWriter.of(EventBinding.MAPPER, Text.class);
        assertThat(records).isNotNull();

        boolean surrogatesInPairs = StandardCharsets.UTF_8.newEncoder().canEncode(text);
        assertThat(records.write(new Text(text))).isEqualTo(surrogatesInPairs ? byJackson(new Text(text)) : null);
    }

    @ParameterizedTest
    @MethodSource("notPlain")
    void what_an_annotation_or_a_type_changes_is_left_to_jackson(Object payload) {
        assertThat(RecordWriter.of(EventBinding.MAPPER, payload.getClass())).isNull();
        assertThat(write(payload)).isEqualTo(EventBinding.MAPPER.writeValueAsBytes(payload));
    }

    @ParameterizedTest
    @MethodSource("stillPlain")
    void names_order_and_what_is_left_out_are_jacksons(Object payload, String json) {
        assertThat(RecordWriter.of(EventBinding.MAPPER, payload.getClass())).isNotNull();
        assertThat(text(write(payload))).isEqualTo(json);
        assertThat(write(payload)).isEqualTo(EventBinding.MAPPER.writeValueAsBytes(payload));
    }

    @Test
    void an_accessor_that_throws_is_reported_by_its_place_and_leaves_no_trace_in_the_next_event() {
        assertThatThrownBy(() -> EventBinding.of(Throwing.class).write(new Throwing("a", "b")))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("/second");
        assertThat(text(EventBinding.of(Text.class).write(new Text("c")))).isEqualTo("{\"text\":\"c\"}");
    }

    @Test
    void an_accessor_that_writes_another_event_meanwhile_gets_in_nobodys_way() {
        assertThat(text(EventBinding.of(Nesting.class).write(new Nesting("a", "b"))))
                .isEqualTo("{\"first\":\"a\",\"second\":\"{\\\"text\\\":\\\"b\\\"}\"}");
    }

    @Test
    void large_text_is_written_whole() {
        String large = "é\"x".repeat(100_000);

        assertThat(EventBinding.of(Text.class).read(EventBinding.of(Text.class).write(new Text(large))))
                .isEqualTo(new Text(large));
    }

    static List<Object> notPlain() {
        return List.of(
                new Formatted(NOON),
                new Always(null),
                new Raw("{}"),
                new Unwrapping(new Text("a")),
                new Serialized(7),
                new Typed("a"),
                new OfMap(Map.of("a", 1)),
                new OfOptional(Optional.of("a")),
                new OfObject("a"),
                new OfFloat(1.5f),
                new OfValueEnum(ValueEnum.ONE),
                new Tree("a", List.of(new Tree("b", List.of()))),
                new Outer(new Formatted(NOON)));
    }

    static List<Arguments> stillPlain() {
        return List.of(
                Arguments.of(new Ordered("a", "b"), "{\"second\":\"b\",\"first\":\"a\"}"),
                Arguments.of(new Renamed("a", Kind.SECOND), "{\"Other Name\\\"\":\"a\",\"kind\":\"2nd\"}"),
                Arguments.of(new Ignoring("a", "b"), "{\"kept\":\"b\"}"),
                Arguments.of(new WithGetter("a"), "{\"name\":\"a\",\"loud_name\":\"A\"}"),
                Arguments.of(
                        new Lists(Arrays.asList("a", null), List.of(), null), "{\"texts\":[\"a\",null],\"kinds\":[]}"),
                Arguments.of(new Empty(null), "{}"));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<Character> characters = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.chars().range(' ', '~')),
                Tuple.of(2, Arbitraries.of('"', '\\', '?', '/', '\u007f', '\u0000', '\u001f', '\n', '\t')),
                Tuple.of(1, Arbitraries.of('é', 'ÿ', '\u0100', '\u2028', '\ud83d', '\ude00', '\udfff')));
        Arbitrary<String> pairs = Arbitraries.of("😀", "a😀b", "😀?", "https://a.example/b?c=d&e=f");
        return Arbitraries.oneOf(
                characters.list().ofMaxSize(40).map(EventBindingTest::join), pairs, Arbitraries.strings());
    }

    @Provide
    Arbitrary<Plain> plain() {
        Arbitrary<Nested> nested = Combinators.combine(
                        texts().injectNull(0.3), Arbitraries.longs().injectNull(0.3))
                .as(Nested::new);
        Arbitrary<Double> doubles = Arbitraries.oneOf(
                Arbitraries.doubles(),
                Arbitraries.of(0.0, -0.0, 1e300, 1e-300, 100.0, Double.NaN, Double.POSITIVE_INFINITY));
        Arbitrary<Instant> instants = Arbitraries.longs()
                .between(-80_000_000_000L, 300_000_000_000L)
                .map(s -> Instant.ofEpochSecond(s, Math.floorMod(s * 7_919_000L, 1_000_000_000L)));
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        Combinators.combine(doubles, doubles.injectNull(0.5)).as((a, b) -> new Double[] {a, b}),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Kind.class).injectNull(0.2),
                        instants.injectNull(0.2),
                        nested.injectNull(0.2),
                        Combinators.combine(
                                        texts().injectNull(0.1)
                                                .list()
                                                .ofMaxSize(4)
                                                .injectNull(0.2),
                                        nested.list().ofMaxSize(3))
                                .as((a, b) -> new List<?>[] {a, b}))
                .as(EventBindingTest::plainOf);
    }

    @SuppressWarnings("unchecked")
    private static Plain plainOf(
            int count,
            long size,
            Double[] shares,
            boolean yes,
            @Nullable Kind kind,
            @Nullable Instant at,
            @Nullable Nested nested,
            List<?>[] lists) {
        return new Plain(
                count,
                size,
                (short) count,
                (byte) size,
                shares[0],
                shares[1],
                yes,
                yes ? null : Boolean.TRUE,
                kind,
                at,
                at == null ? null : new UUID(size, count),
                nested,
                (List<String>) lists[0],
                (List<Nested>) lists[1]);
    }

    private static String join(List<Character> characters) {
        StringBuilder text = new StringBuilder();
        new ArrayList<>(characters).forEach(text::append);
        return text.toString();
    }

    private static byte @Nullable [] byJackson(Object payload) {
        try {
            return EventBinding.MAPPER.writeValueAsBytes(payload);
        } catch (JacksonException e) {
            return null;
        }
    }

    @SuppressWarnings("unchecked")
    private static byte[] write(Object payload) {
        return EventBinding.of((Class<Object>) payload.getClass()).write(payload);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    enum Kind {
        FIRST,
        @JsonProperty("2nd")
        SECOND
    }

    enum ValueEnum {
        ONE;

        @JsonValue
        int number() {
            return 1;
        }
    }

    record Plain(
            int count,
            long size,
            short small,
            byte tiny,
            double share,
            @Nullable Double maybeShare,
            boolean yes,
            @Nullable Boolean maybe,
            @Nullable Kind kind,
            @Nullable Instant happenedAt,
            @Nullable UUID id,
            @Nullable Nested nested,
            @Nullable List<String> texts,
            List<Nested> all) {}

    private record Nested(@Nullable String text, @Nullable Long number) {}

    record Text(String text) {}

    @JsonPropertyOrder({"second", "first"})
    record Ordered(String first, String second) {}

    record Renamed(@JsonProperty("Other Name\"") String first, Kind kind) {}

    @JsonIgnoreProperties("dropped")
    record Ignoring(String dropped, String kept) {}

    record WithGetter(String name) {

        public String getLoudName() {
            return name.toUpperCase(java.util.Locale.ROOT);
        }
    }

    record Lists(
            List<String> texts, List<Kind> kinds, @Nullable List<Integer> numbers) {}

    record Empty(@Nullable String nothing) {}

    record Throwing(String first, String second) {

        @Override
        public String second() {
            throw new IllegalStateException(second);
        }
    }

    record Nesting(String first, String second) {

        @Override
        public String second() {
            return text(EventBinding.of(Text.class).write(new Text(second)));
        }
    }

    record Formatted(
            @JsonFormat(pattern = "yyyy", timezone = "UTC") Instant at) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Always(@Nullable String text) {}

    record Raw(@JsonRawValue String json) {}

    record Unwrapping(@JsonUnwrapped Text text) {}

    record Serialized(
            @JsonSerialize(using = ToStringSerializer.class) int number) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    record Typed(String text) {}

    record OfMap(Map<String, Integer> map) {}

    record OfOptional(Optional<String> text) {}

    record OfObject(Object any) {}

    record OfFloat(float share) {}

    record OfValueEnum(ValueEnum value) {}

    record Tree(String name, List<Tree> below) {}

    record Outer(Formatted inner) {}
}
