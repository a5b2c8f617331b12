package dev.cdp.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** "Does not hold" is said of what is wrong, and never of what has not come yet. */
final class VerdictTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final Unsettled NONE = new Unsettled(0, 0, Map.of(PARTITION, 0L));
    private static final Unsettled LAG = new Unsettled(0, 0, Map.of(PARTITION, 3L));

    private Instant time = Instant.EPOCH;

    @Test
    void whatWasReadIsLoadedOrDeadLettered() {
        assertThat(balance(NONE, 10, 8, 2).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(balance(NONE, 10, 7, 2).verdict()).as("one is lost").isEqualTo(Verdict.DOES_NOT_HOLD);
        assertThat(balance(NONE, 10, 9, 2).verdict()).as("one is both").isEqualTo(Verdict.DOES_NOT_HOLD);
    }

    @Test
    void whatIsStillOnItsWayIsNotLost() {
        assertThat(balance(LAG, 10, 5, 2).verdict()).isEqualTo(Verdict.NOT_KNOWN);
        assertThat(balance(LAG, 10, 8, 2).verdict())
                .as("stored, and not committed yet")
                .isEqualTo(Verdict.NOT_KNOWN);
        assertThat(balance(new Unsettled(7, 0, Map.of()), 10, 8, 2).verdict()).isEqualTo(Verdict.NOT_KNOWN);
        assertThat(balance(new Unsettled(0, 1, Map.of()), 10, 8, 2).verdict()).isEqualTo(Verdict.NOT_KNOWN);
    }

    @Test
    void whatIsWrongStaysWrongWhateverIsStillToCome() {
        for (Unsettled unsettled : List.of(NONE, LAG)) {
            assertThat(new Balance(unsettled, 10, 8, 9, 2, 2, Map.of(), 0).verdict())
                    .as("a row twice")
                    .isEqualTo(Verdict.DOES_NOT_HOLD);
            assertThat(new Balance(unsettled, 10, 8, 8, 2, 3, Map.of(), 0).verdict())
                    .as("a dead letter twice")
                    .isEqualTo(Verdict.DOES_NOT_HOLD);
            assertThat(new Balance(unsettled, 10, 8, 8, 2, 2, Map.of(), 1).verdict())
                    .as("a default in a required field")
                    .isEqualTo(Verdict.DOES_NOT_HOLD);
            assertThat(balance(unsettled, 10, 9, 2).verdict())
                    .as("more than there is")
                    .isEqualTo(Verdict.DOES_NOT_HOLD);
        }
    }

    @Test
    void eachVerdictHasAnExitCodeOfItsOwn() {
        assertThat(List.of(Verdict.values()))
                .extracting(Verdict::exitCode)
                .containsExactly(0, 1, 3)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsMissingIsSaid() {
        Unsettled unsettled = new Unsettled(1_234, 5, Map.of(PARTITION, 67L, new TopicPartition("u", 1), 0L));

        assertThat(unsettled.lines())
                .containsExactly(
                        "events that the application has not offered: 1,234",
                        "offered events without an answer: 5",
                        "records that the loader has not committed: 67, of t-0=67");
        assertThat(NONE.lines()).isEmpty();
    }

    @Test
    void aWaitIsGivenUpWhenNothingMovesAndNotBecauseItTakesLong() {
        LastProgress progress = new LastProgress(Duration.ofMinutes(2), () -> time);
        for (long minute = 0; minute < 60; minute++) {
            assertThat(stalled(progress, minute, 0)).as("minute %d", minute).isFalse();
        }
        assertThat(stalled(progress, 59, 0)).isFalse();
        assertThat(stalled(progress, 58, 1)).as("down is a move too").isFalse();
        assertThat(stalled(progress, 58, 1)).isFalse();
        assertThat(stalled(progress, 58, 1)).isTrue();
    }

    /** A minute later. */
    private boolean stalled(LastProgress progress, long... counts) {
        time = time.plus(Duration.ofMinutes(1));
        return progress.stalled(java.util.Arrays.stream(counts).boxed().toList());
    }

    private static Balance balance(Unsettled unsettled, long read, long loaded, long dead) {
        return new Balance(unsettled, read, loaded, loaded, dead, dead, Map.of(), 0);
    }
}
