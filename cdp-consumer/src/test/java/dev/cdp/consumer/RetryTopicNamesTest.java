package dev.cdp.consumer;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RetryTopicNamesTest {

    @Test
    void aPlainGroupStandsInTheNameAsItIs() {
        assertThat(RetryTopics.name("feed-worker", "cdp.feed")).isEqualTo("retry.feed-worker.cdp.feed");
        assertThat(RetryTopics.name("feed.worker_2", "cdp.feed")).isEqualTo("retry.-feed-dworker-u2.cdp.feed");
        assertThat(RetryTopics.name("größe 1", "t")).isEqualTo("retry.-gr-x00f6-x00dfe-x00201.t");
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> RetryTopics.name("g".repeat(200), "t".repeat(50)))
                .hasMessageContaining("249 characters");
    }

    /** Kafka takes topics for the same whose names differ in '.' and '_' alone. */
    @Property(tries = 20_000)
    void twoPairsNeverShareAName(
            @ForAll("names") String group,
            @ForAll("names") String topic,
            @ForAll("names") String otherGroup,
            @ForAll("names") String otherTopic) {
        boolean same = group.equals(otherGroup) && collides(topic).equals(collides(otherTopic));
        assertThat(collides(RetryTopics.name(group, topic)).equals(collides(RetryTopics.name(otherGroup, otherTopic))))
                .isEqualTo(same);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ad.u_-").ofMinLength(1).ofMaxLength(3);
    }

    private static String collides(String topic) {
        return topic.replace('.', '_');
    }
}
