package dev.cdp.consumer;

import java.util.Set;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Records with made-up event names against the dead letter limit. */
final class UnknownEventsLimitTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @Test
    void madeUpNamesCountTogetherAndKeepOneWindow() {
        LetterGauge gauge = new LetterGauge(new DeadLetterLimit(1_000, 1, 10_000), Set.of("page_viewed")::contains);
        gauge.processed(PARTITION, "page_viewed");
        for (int i = 0; i < 999; i++) {
            gauge.deadLettered(PARTITION, "made-up-" + i);
        }
        assertThat(gauge.tripped(PARTITION)).isFalse();
        assertThat(gauge.windows()).isEqualTo(2);
        gauge.deadLettered(PARTITION, "one-more");
        assertThat(gauge.tripped().get("dead letter limit of t-0")).isEqualTo("unknown events: 1000 in a row");
    }
}
