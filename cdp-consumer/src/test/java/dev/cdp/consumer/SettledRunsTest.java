package dev.cdp.consumer;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettledRunsTest {

    private static final String GROUP = CommitText.groupHash("g");

    @Property
    void whatFitsComesBackAndWhatDoesNotIsLeftOutFromTheEnd(
            @ForAll @LongRange(max = 1L << 50) long first,
            @ForAll @Size(max = 2_000) List<@IntRange(min = 1, max = 300) Integer> steps,
            @ForAll @IntRange(min = 100, max = SettledRuns.MAX_LENGTH) int longest)
            throws Exception {
        SettledRuns runs = new SettledRuns(GROUP, new UUID(1, 2), first, runs(first, steps));
        String text = runs.text(longest);
        assertThat(text).hasSizeLessThanOrEqualTo(longest);
        SettledRuns back = SettledRuns.parse(text);
        assertThat(back.group()).isEqualTo(GROUP);
        assertThat(back.topicId()).isEqualTo(runs.topicId());
        assertThat(back.first()).isEqualTo(first);
        assertThat(back.runs())
                .isEqualTo(
                        back.runs().isEmpty()
                                ? back.runs()
                                : runs.runs().headMap(back.runs().lastKey(), true));
        if (runs.text(1 << 20).length() <= longest) {
            assertThat(back.runs()).isEqualTo(runs.runs());
        }
    }

    private static NavigableMap<Long, Long> runs(long first, List<Integer> steps) {
        NavigableMap<Long, Long> runs = new TreeMap<>();
        long at = first;
        for (int i = 0; i + 1 < steps.size(); i += 2) {
            long begin = at + steps.get(i);
            at = begin + steps.get(i + 1);
            runs.put(begin, at);
        }
        return runs;
    }

    @Test
    void aThousandSingleRecordsFitIntoACommit() {
        NavigableMap<Long, Long> runs = new TreeMap<>();
        for (long offset = 1; offset < 2_000; offset += 2) {
            runs.put(1_000_000_000L + offset, 1_000_000_000L + offset + 1);
        }
        String text = new SettledRuns(GROUP, new UUID(-1, -1), 1_000_000_000L, runs).text(SettledRuns.MAX_LENGTH);
        assertThat(text).isEqualTo(new SettledRuns(GROUP, new UUID(-1, -1), 1_000_000_000L, runs).text(1 << 20));
    }

    @Test
    void whereNothingIsSettledTheTopicIsNamedAllTheSameIfItFits() throws Exception {
        SettledRuns none = new SettledRuns(GROUP, new UUID(1, 2), 5, new TreeMap<>());
        assertThat(SettledRuns.parse(none.text(SettledRuns.MAX_LENGTH))).isEqualTo(none);
        assertThat(none.text(20)).isEmpty();
    }

    @Property
    void anyOtherCharacterInItIsNoticed(
            @ForAll @IntRange(max = 80) int at, @ForAll @CharRange(from = ' ', to = '~') char other) {
        String text = new SettledRuns(GROUP, new UUID(1, 2), 5, runs(5, List.of(3, 4))).text(SettledRuns.MAX_LENGTH);
        Assume.that(at < text.length() && text.charAt(at) != other);
        String damaged = text.substring(0, at) + other + text.substring(at + 1);
        assertThatThrownBy(() -> SettledRuns.parse(damaged)).isInstanceOf(CommitText.UnreadableException.class);
    }

    @Property
    void whateverAnotherToolWroteIsRefused(@ForAll String text) {
        assertThatThrownBy(() -> SettledRuns.parse(text)).isInstanceOf(CommitText.UnreadableException.class);
    }
}
