package dev.cdp.consumer;

import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EnvelopeTest {

    @Property
    void comesBackFromItsText(
            @ForAll String group,
            @ForAll long high,
            @ForAll long low,
            @ForAll @LongRange long first,
            @ForAll @IntRange(max = 1_000_000) int length,
            @ForAll @IntRange(min = -1) int epoch,
            @ForAll @IntRange(max = 1_000_000) int replay,
            @ForAll @AlphaChars @StringLength(max = 32) String sdk,
            @ForAll @Size(max = 40) List<@IntRange(max = 999_999) Integer> found)
            throws Exception {
        Assume.that(first < Long.MAX_VALUE - length);
        TreeSet<Long> offsets = new TreeSet<>();
        found.stream().filter(distance -> distance < length).forEach(distance -> offsets.add(first + distance));
        Envelope envelope = new Envelope(
                CommitText.groupHash(group),
                new UUID(high, low),
                first,
                first + length,
                epoch,
                replay,
                "0123456789ab",
                sdk,
                offsets);
        assertThat(Envelope.parse(envelope.text())).isEqualTo(envelope);
        assertThat(envelope.fits()).isTrue();
    }

    @Property
    void anyOtherCharacterInItIsNoticed(
            @ForAll @IntRange(max = 200) int at, @ForAll @CharRange(from = ' ', to = '~') char other) {
        String text = plan(7, 9).text();
        Assume.that(at < text.length() && text.charAt(at) != other);
        String damaged = text.substring(0, at) + other + text.substring(at + 1);
        assertThatThrownBy(() -> Envelope.parse(damaged)).isInstanceOf(CommitText.UnreadableException.class);
    }

    @Property
    void whateverAnotherToolWroteIsRefusedAndNothingIsThrownBeside(@ForAll String text) {
        assertThatThrownBy(() -> Envelope.parse(text)).isInstanceOf(CommitText.UnreadableException.class);
    }

    @Test
    void aPlanThatEndsWhereItBeginsLeavesNothingOpen() {
        assertThat(plan(5, 5).open()).isFalse();
        assertThat(plan(5, 6).open()).isTrue();
    }

    @Test
    void theGreatestPlanFits() {
        TreeSet<Long> found = new TreeSet<>();
        for (long i = 0; i < 100; i++) {
            found.add(Long.MAX_VALUE - 20_000 + i * 100);
        }
        Envelope greatest = new Envelope(
                "0123456789ab",
                new UUID(-1, -1),
                Long.MAX_VALUE - 20_000,
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                1_000_000,
                "0123456789ab",
                "x".repeat(32),
                found);
        assertThat(greatest.text()).hasSizeLessThanOrEqualTo(Envelope.MAX_LENGTH);
    }

    private static Envelope plan(long first, long end) {
        return new Envelope(
                CommitText.groupHash("g"), new UUID(1, 2), first, end, 3, 0, "0123456789ab", "0.1.0", new TreeSet<>());
    }
}
