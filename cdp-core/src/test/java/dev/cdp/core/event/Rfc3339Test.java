package dev.cdp.core.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class Rfc3339Test {

    @Property(tries = 300)
    void an_instant_is_written_as_java_writes_it_and_read_as_it_was(@ForAll("instants") Instant instant) {
        String text = new String(Rfc3339.bytes(instant), StandardCharsets.US_ASCII);

        assertThat(text).isEqualTo(instant.toString());
        assertThat(Rfc3339.parse(text)).isEqualTo(instant);
    }

    @Property(tries = 500)
    void a_text_is_read_as_java_reads_it(@ForAll("nearlyTimestamps") String text) {
        assertThat(Rfc3339.parse(text)).isEqualTo(byJava(text));
    }

    @Property(tries = 20_000)
    @Tag("campaign")
    void many_texts_are_read_as_java_reads_them(@ForAll("nearlyTimestamps") String text) {
        assertThat(Rfc3339.parse(text)).isEqualTo(byJava(text));
    }

    @Test
    void the_ends_of_the_usual_form_and_what_stands_outside_it_are_as_java_has_them() {
        for (String text : List.of(
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "2024-02-29T00:00:00.1Z",
                "2023-02-29T00:00:00Z",
                "2026-11-22T10:15:30.Z",
                "2026-11-22T23:59:60Z",
                "2026-11-22T24:00:00Z",
                "2026-11-22t10:15:30z",
                "2026-11-22T10:15Z",
                "2026-11-22T10:15:30+02:00",
                "+12026-11-22T10:15:30Z",
                "2026-11-22T10:15:30.1234567890Z",
                "",
                "Z")) {
            assertThat(Rfc3339.parse(text)).as(text).isEqualTo(byJava(text));
        }
        for (Instant instant :
                List.of(Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.parse("-0001-01-01T00:00:00Z"))) {
            assertThat(new String(Rfc3339.bytes(instant), StandardCharsets.US_ASCII))
                    .isEqualTo(instant.toString());
        }
    }

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.longs()
                .between(Instant.parse("-0001-01-01T00:00:00Z").getEpochSecond(), 253_402_300_800L)
                .flatMap(second -> Arbitraries.of(0, 1, 5_000_000, 120_000, 123_456_789, 999_999_999)
                        .map(nanos -> Instant.ofEpochSecond(second, nanos)));
    }

    @Provide
    Arbitrary<String> nearlyTimestamps() {
        Arbitrary<String> valid = instants().map(Instant::toString);
        Arbitrary<Character> other = Arbitraries.of(
                "0123456789-:.TZtz+ ".chars().mapToObj(c -> (char) c).toList());
        return valid.flatMap(text -> Arbitraries.integers()
                .between(0, text.length() - 1)
                .flatMap(at -> other.map(c -> text.substring(0, at) + c + text.substring(at + 1))));
    }

    private static @Nullable Instant byJava(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
