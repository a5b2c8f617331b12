package dev.cdp.core.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
final class RecordWriterTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

    @Property(tries = 1_000)
    void a_plain_record_is_written_byte_for_byte_as_jackson_does(@ForAll("plain") Plain plain) {
        byte[] written = new RecordWriter(EventBinding.MAPPER, Plain.class).write(plain);

        byte[] expected = byJackson(plain);
        assertThat(written == null ? null : text(written)).isEqualTo(expected == null ? null : text(expected));
    }

    @ParameterizedTest
    @MethodSource("notPlain")
    void what_an_annotation_or_a_type_changes_is_left_to_jackson(Object payload) {
        assertThat(new RecordWriter(EventBinding.MAPPER, payload.getClass()).write(payload))
                .isNull();
        assertThat(write(payload)).isEqualTo(text(EventBinding.MAPPER.writeValueAsBytes(payload)));
    }

    @ParameterizedTest
    @MethodSource("stillPlain")
    void names_order_and_what_is_left_out_are_jacksons(Object payload, String json) {
        assertThat(new RecordWriter(EventBinding.MAPPER, payload.getClass()).write(payload))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(json)
                .isEqualTo(text(EventBinding.MAPPER.writeValueAsBytes(payload)));
    }

    @Test
    void an_accessor_that_throws_is_reported_by_its_place_and_leaves_no_trace_in_the_next_event() {
        assertThatThrownBy(() -> write(new Throwing("a", "b")))
                .isInstanceOf(BindingException.class)
                .hasMessageContaining("/second");
        assertThat(write(new Text("c"))).isEqualTo("{\"text\":\"c\"}");
    }

    @Test
    void an_accessor_that_writes_another_event_meanwhile_gets_in_nobodys_way() {
        assertThat(write(new Text("leaves its memory"))).isNotEmpty();

        assertThat(write(new Nesting("a", "b"))).isEqualTo("{\"first\":\"a\",\"second\":\"{\\\"text\\\":\\\"b\\\"}\"}");
    }

    @Test
    void large_text_is_written_whole() {
        assertThat(write(new Text("x".repeat(300_000)))).isEqualTo("{\"text\":\"" + "x".repeat(300_000) + "\"}");
        assertThat(write(new Text("é\"".repeat(100_000)))).isEqualTo("{\"text\":\"" + "é\\\"".repeat(100_000) + "\"}");
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
                new Tree("a", new Tree("b", null)),
                new Outer(new Formatted(NOON)));
    }

    static List<Arguments> stillPlain() {
        return List.of(
                Arguments.of(new Ordered("a", "b"), "{\"second\":\"b\",\"first\":\"a\"}"),
                Arguments.of(new Renamed("a"), "{\"Other Name\\\"\":\"a\"}"),
                Arguments.of(new Ignoring("a", "b"), "{\"kept\":\"b\"}"),
                Arguments.of(new WithGetter("a"), "{\"name\":\"a\",\"loud_name\":\"A\"}"),
                Arguments.of(new Empty(null), "{}"));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> plain = Arbitraries.strings().withCharRange(' ', '~');
        return Arbitraries.oneOf(
                plain,
                plain,
                Arbitraries.strings()
                        .withChars(
                                'a', '~', '"', '\\', '?', '/', '\u007f', '\u0000', '\u001f', '\n', 'é', '\u0141',
                                '\u2028', '\ud83d', '\ude00'),
                Arbitraries.of("😀", "a😀b", "\ud83d", "https://a.example/b?c=d&e=f"),
                Arbitraries.strings());
    }

    @Provide
    Arbitrary<Plain> plain() {
        Arbitrary<Double> doubles = Arbitraries.oneOf(
                Arbitraries.doubles(),
                Arbitraries.of(0.0, -0.0, 1e300, 1e-300, 100.0, Double.NaN, Double.POSITIVE_INFINITY));
        Arbitrary<Instant> instants = Arbitraries.longs()
                .between(-80_000_000_000L, 300_000_000_000L)
                .map(s -> Instant.ofEpochSecond(s, Math.floorMod(s * 7_919_000L, 1_000_000_000L)));
        Arbitrary<Nested> nested = Combinators.combine(
                        texts().injectNull(0.3), Arbitraries.longs().injectNull(0.3), doubles.injectNull(0.5))
                .as(Nested::new);
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        doubles,
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false).injectNull(0.3),
                        instants.injectNull(0.2),
                        nested.injectNull(0.2),
                        Combinators.combine(
                                        texts().injectNull(0.2),
                                        Arbitraries.of(Kind.class).injectNull(0.2))
                                .as(Named::new))
                .as(Plain::new);
    }

    private static byte @Nullable [] byJackson(Object payload) {
        try {
            return EventBinding.MAPPER.writeValueAsBytes(payload);
        } catch (JacksonException e) {
            return null;
        }
    }

    @SuppressWarnings("unchecked")
    private static String write(Object payload) {
        return text(EventBinding.of((Class<Object>) payload.getClass()).write(payload));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    record Plain(
            int count,
            long size,
            double share,
            boolean yes,
            @Nullable Boolean maybe,
            @Nullable Instant happenedAt,
            @Nullable Nested nested,
            Named named) {}

    record Named(@Nullable String text, @Nullable Kind kind) {}

    enum Kind {
        FIRST,
        @JsonProperty("2nd \"")
        SECOND {
            @Override
            public String toString() {
                return "second";
            }
        }
    }

    enum ValueEnum {
        ONE;

        @JsonValue
        int number() {
            return 1;
        }
    }

    private record Nested(
            @Nullable String text,
            @Nullable Long number,
            @Nullable Double maybeShare) {}

    record Text(String text) {}

    @JsonPropertyOrder({"second", "first"})
    record Ordered(String first, String second) {}

    record Renamed(@JsonProperty("Other Name\"") String first) {}

    @JsonIgnoreProperties("dropped")
    record Ignoring(String dropped, String kept) {}

    record WithGetter(String name) {

        public String getLoudName() {
            return name.toUpperCase(Locale.ROOT);
        }
    }

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
            return write(new Text(second));
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

    record Tree(String name, @Nullable Tree below) {}

    record Outer(Formatted inner) {}
}
