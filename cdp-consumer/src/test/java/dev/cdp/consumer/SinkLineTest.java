package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.SinkResult;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The order of the steps of a batch, each seen while the step before it is held back. */
class SinkLineTest {

    private final SinkBench bench = new SinkBench();

    private static Envelope plan(OffsetAndMetadata commit) {
        try {
            return Envelope.parse(commit.metadata());
        } catch (CommitText.UnreadableException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void planThenDeadLettersThenRowsThenTheEnd() {
        bench.poll(0, 10, 1, Set.of(3L, 7L));
        bench.settle();
        assertThat(bench.deadLettered).as("before the plan is committed").isEmpty();
        assertThat(bench.line.waitsForCommit()).isTrue();
        Envelope planned = plan(bench.line.committable());
        assertThat(planned).isEqualTo(bench.plan(0, 10, 1));

        bench.commit();
        assertThat(bench.deadLettered).containsExactly(3L, 7L);
        assertThat(bench.line.inFlight()).isEqualTo(2);
        assertThat(bench.written).as("before its dead letters are acknowledged").isEmpty();

        bench.acknowledgeDeadLetters();
        assertThat(bench.written).singleElement().satisfies(batch -> {
            assertThat(batch.id().firstOffset()).isZero();
            assertThat(batch.id().endOffset()).isEqualTo(10);
            assertThat(batch.id().replay()).isEqualTo(3);
            assertThat(batch.attempt()).isEqualTo(Attempt.FIRST);
            assertThat(SinkBench.offsets(batch)).containsExactly(0L, 1L, 2L, 4L, 5L, 6L, 8L, 9L);
        });
        assertThat(bench.line.frontier()).isEqualTo(10);
        OffsetAndMetadata end = bench.line.committable();
        assertThat(end.offset()).isEqualTo(10);
        assertThat(end.leaderEpoch()).hasValue(1);
        assertThat(plan(end).open()).isFalse();
        assertThat(bench.line.buffered()).isZero();
        assertThat(bench.line.tally().counts(0)).isEqualTo(new RecordCounts(10, 8, 2, 0, 0, 0));
    }

    @Test
    void onlyTheAcknowledgementOfItsOwnPlanLetsABatchGoOn() {
        bench.poll(0, 10, 1);
        bench.settle();
        OffsetAndMetadata planned = bench.line.committable();
        bench.line.committed(
                new OffsetAndMetadata(0, Optional.of(1), bench.plan(0, 9, 1).text()));
        bench.line.committed(new OffsetAndMetadata(1, Optional.of(1), planned.metadata()));
        bench.settle();
        assertThat(bench.written).isEmpty();
        bench.line.committed(planned);
        bench.settle();
        assertThat(bench.written).hasSize(1);
    }

    @Test
    void nothingIsWrittenOnceTheLeaseIsOverWhetherABatchComesForTheFirstTimeOrAgain() {
        bench.poll(0, 10, 1);
        bench.settle();
        bench.nanos += SinkBench.LEASE.toNanos() + 1;
        bench.commit();
        assertThat(bench.written).as("for the first time").isEmpty();

        bench.sink = batch -> {
            throw new IllegalStateException("no answer");
        };
        bench.pass(Duration.ofSeconds(30));
        assertThat(bench.written).hasSize(1);
        bench.sink = batch -> SinkResult.stored(batch.events().size());
        bench.nanos += 2 * SinkBench.LEASE.toNanos();
        bench.settle();
        assertThat(bench.written).as("again, by the same process").hasSize(1);

        bench.pass(Duration.ofSeconds(30));
        assertThat(bench.written).hasSize(2);
        assertThat(bench.written.get(1).attempt()).isEqualTo(Attempt.AGAIN);
        assertThat(bench.line.frontier()).isEqualTo(10);
    }

    @Test
    void aBatchThatAPredecessorLeftOpenIsNotWrittenOnceTheLeaseIsOver() {
        bench.open(bench.plan(20, 25, 1), Optional.of(1));
        bench.nanos += SinkBench.LEASE.toNanos() + 1;
        bench.poll(20, 30, 1);
        bench.settle();
        assertThat(bench.written).isEmpty();
        bench.pass(Duration.ofSeconds(30));
        assertThat(SinkBench.offsets(bench.written.get(0))).containsExactly(20L, 21L, 22L, 23L, 24L);
        assertThat(bench.written.get(0).attempt()).isEqualTo(Attempt.AGAIN);
    }

    @Test
    void theLeaseIsGoodToItsLastNanosecond() {
        bench.poll(0, 10, 1);
        bench.settle();
        bench.nanos += SinkBench.LEASE.toNanos();
        bench.commit();
        assertThat(bench.written).hasSize(1);
    }

    @Test
    void aPlanOfRecordsOfThatVeryEpochOrOfAnUnknownOneGoesOn() {
        for (int planned : List.of(4, 5, Envelope.NO_EPOCH)) {
            bench.written.clear();
            bench.open(bench.plan(20, 25, planned), Optional.of(planned).filter(epoch -> epoch >= 0));
            bench.poll(20, 25, 4);
            bench.settle();
            assertThat(bench.written).as("planned from epoch %s", planned).hasSize(1);
        }
    }

    @Test
    void aLogThatWasCutByOneLeaderEpochStopsThePlan() {
        bench.open(bench.plan(20, 25, 4), Optional.of(4));
        bench.poll(20, 24, 4);
        bench.poll(24, 25, 5);
        assertThatThrownBy(bench::settle)
                .isInstanceOf(ConsumerStoppedException.class)
                .hasMessageContaining("planned from records of leader epoch 4, and the log has records of epoch 5");
        assertThat(bench.written).isEmpty();
    }

    @Test
    void anInheritedBatchIsWhatWasPlannedWhateverTheLimitsSayAndWaitsForItsLastRecord() {
        bench.open(bench.plan(20, 45, 1), Optional.of(1));
        assertThat(bench.line.mustReach()).isEqualTo(45);
        assertThat(bench.line.appetite()).isEqualTo(Line.Appetite.STARVING);
        bench.poll(20, 44, 1);
        bench.settle();
        assertThat(bench.written).isEmpty();
        assertThat(plan(bench.line.committable())).isEqualTo(bench.plan(20, 45, 1));
        bench.poll(44, 47, 1);
        bench.settle();
        assertThat(SinkBench.offsets(bench.written.get(0))).hasSize(25).endsWith(44L);
        assertThat(bench.line.frontier()).isEqualTo(45);
    }

    @Test
    void anInheritedBatchOfGapsAloneIsThereWhenThePositionIs() {
        bench.open(bench.plan(20, 25, 1), Optional.of(1));
        bench.line.take(List.of(), 25, bench.nanos);
        bench.settle();
        assertThat(bench.written).isEmpty();
        assertThat(bench.line.committable().offset()).isEqualTo(25);
        assertThat(bench.line.committable().leaderEpoch()).as("behind a gap").isEmpty();
    }

    @Test
    void gapsAreSettledWithoutABatch() {
        bench.line.take(List.of(), 7, bench.nanos);
        bench.settle();
        assertThat(bench.line.committable().offset()).isEqualTo(7);
        assertThat(plan(bench.line.committable())).isEqualTo(bench.plan(7, 7, Envelope.NO_EPOCH));
    }

    @Test
    void whatTheSinkRejectsIsPlannedBeforeItIsReadAgainAndDeadLetteredBeforeTheRestIsWritten() {
        bench.sink = batch -> SinkResult.rejected(List.of(SinkBench.rejection(2), SinkBench.rejection(5)));
        bench.poll(0, 10, 1);
        bench.settle();
        bench.commit();
        assertThat(bench.line.wantsRecordsAgain())
                .as("before the plan is committed")
                .isFalse();
        assertThat(bench.line.start(bench.nanos)).isFalse();
        OffsetAndMetadata commit = bench.commit();
        assertThat(plan(commit).found()).containsExactly(2L, 5L);
        assertThat(bench.line.wantsRecordsAgain()).isTrue();
        assertThat(bench.line.start(bench.nanos)).isFalse();

        bench.sink = batch -> SinkResult.stored(batch.events().size());
        bench.written.clear();
        bench.open(plan(commit), commit.leaderEpoch());
        bench.poll(0, 10, 1);
        bench.settle();
        assertThat(bench.deadLettered).containsExactly(2L, 5L);
        assertThat(bench.written).isEmpty();
        bench.acknowledgeDeadLetters();
        assertThat(SinkBench.offsets(bench.written.get(0))).containsExactly(0L, 1L, 3L, 4L, 6L, 7L, 8L, 9L);
        assertThat(bench.line.frontier()).isEqualTo(10);
    }

    /** Each dry run finds what it can; the offsets of the first must be in the plan of the second too. */
    @Test
    void aSecondDryRunKeepsWhatTheFirstFound() {
        SortedSet<Long> found = new TreeSet<>();
        Envelope inherited = bench.plan(0, 0, Envelope.NO_EPOCH);
        for (long guilty : List.of(2L, 5L, 1L)) {
            found.add(guilty);
            bench.sink = batch -> SinkResult.rejected(List.of(SinkBench.rejection(guilty)));
            bench.open(inherited, Optional.of(1));
            bench.poll(0, 10, 1);
            bench.settle();
            bench.commit();
            bench.acknowledgeDeadLetters();
            OffsetAndMetadata commit = bench.commit();
            assertThat(plan(commit).found()).isEqualTo(found);
            inherited = plan(commit);
        }
        bench.sink = batch -> SinkResult.stored(batch.events().size());
        bench.open(inherited, Optional.of(1));
        bench.poll(0, 10, 1);
        bench.settle();
        bench.acknowledgeDeadLetters();
        assertThat(SinkBench.offsets(bench.written.get(bench.written.size() - 1)))
                .containsExactly(0L, 3L, 4L, 6L, 7L, 8L, 9L);
        assertThat(bench.deadLettered).as("each once in this process").containsExactly(2L, 5L, 1L);
    }

    /** A successor knows what was found, not what was dead-lettered: it sends those again. */
    @Test
    void aSuccessorDeadLettersWhatWasFoundBeforeIt() {
        bench.open(bench.plan(0, 10, 1).withFound(new TreeSet<>(List.of(2L, 5L))), Optional.of(1));
        bench.poll(0, 10, 1);
        bench.settle();
        assertThat(bench.deadLettered).containsExactly(2L, 5L);
        bench.acknowledgeDeadLetters();
        assertThat(SinkBench.offsets(bench.written.get(0))).hasSize(8);
    }

    @Test
    void aRejectionOfWhatWasNotGivenStops() {
        for (long offset : List.of(-1L, 10L)) {
            SinkBench fresh = new SinkBench();
            fresh.sink = batch -> SinkResult.rejected(List.of(SinkBench.rejection(offset)));
            fresh.poll(0, 10, 1);
            fresh.settle();
            assertThatThrownBy(fresh::commit)
                    .isInstanceOf(ConsumerStoppedException.class)
                    .hasMessageContaining("rejects offset " + offset)
                    .hasMessageContaining("which it was not given");
        }
        bench.open(bench.plan(0, 10, 1).withFound(new TreeSet<>(List.of(2L))), Optional.of(1));
        bench.sink = batch -> SinkResult.rejected(List.of(SinkBench.rejection(2)));
        bench.poll(0, 10, 1);
        bench.settle();
        assertThatThrownBy(bench::acknowledgeDeadLetters)
                .isInstanceOf(ConsumerStoppedException.class)
                .hasMessageContaining("which it was not given");
    }

    @Test
    void tenRejectionsOfASmallBatchPassAndElevenAreAnOutage() {
        for (int rejected : List.of(10, 11)) {
            SinkBench fresh = new SinkBench();
            List<SinkResult.Rejection> rejections = new ArrayList<>();
            for (long offset = 0; offset < rejected; offset++) {
                rejections.add(SinkBench.rejection(offset));
            }
            fresh.sink = batch -> SinkResult.rejected(rejections);
            fresh.open(fresh.plan(0, 40, 1), Optional.of(1));
            fresh.poll(0, 40, 1);
            if (rejected == 10) {
                fresh.settle();
                assertThat(plan(fresh.commit()).found()).hasSize(10);
                assertThat(fresh.line.wantsRecordsAgain()).isTrue();
            } else {
                fresh.settle();
                assertThat(fresh.line.wantsRecordsAgain()).isFalse();
                assertThat(fresh.written).hasSize(1);
                fresh.pass(Duration.ofMinutes(1));
                assertThat(fresh.written).as("the same batch again").hasSize(2);
                assertThat(fresh.written.get(1).id())
                        .isEqualTo(fresh.written.get(0).id());
            }
        }
    }

    @Test
    void aBatchThatFoundNoAnswerIsTriedAgainAsItWasAndOnlyWhenItsWaitIsOver() {
        bench.sink = batch -> {
            throw new IllegalStateException("no answer");
        };
        bench.poll(0, 10, 1);
        bench.settle();
        bench.commit();
        assertThat(bench.written).hasSize(1);
        assertThat(bench.line.dueIn(bench.nanos))
                .isBetween(1L, Duration.ofMinutes(1).toNanos());
        bench.settle();
        assertThat(bench.written).as("before its wait is over").hasSize(1);
        assertThat(bench.line.frontier()).isZero();
        assertThat(plan(bench.line.committable())).isEqualTo(bench.plan(0, 10, 1));

        bench.sink = batch -> SinkResult.stored(batch.events().size());
        bench.pass(Duration.ofMinutes(1));
        assertThat(bench.written.get(1).id()).isEqualTo(bench.written.get(0).id());
        assertThat(bench.written.get(1).events())
                .hasSameSizeAs(bench.written.get(0).events());
        assertThat(bench.written.get(1).attempt()).isEqualTo(Attempt.AGAIN);
        assertThat(bench.line.frontier()).isEqualTo(10);
    }

    @Test
    void theNextBatchFormsWhileOneIsOpenAndHasItsOwnPlan() {
        bench.poll(0, 13, 1);
        bench.settle();
        assertThat(plan(bench.line.committable())).isEqualTo(bench.plan(0, 10, 1));
        bench.commit();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.line.frontier()).isEqualTo(10);
        assertThat(plan(bench.line.committable())).isEqualTo(bench.plan(10, 13, 1));
        bench.commit();
        assertThat(bench.line.frontier()).isEqualTo(13);
        assertThat(bench.written).hasSize(2);
    }

    @Test
    void aClosingLineEndsWhatIsOpenAndSealsNothingNew() {
        bench.poll(0, 13, 1);
        bench.settle();
        bench.line.finish();
        assertThat(bench.line.finished()).isFalse();
        bench.commit();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.line.finished()).isTrue();
        assertThat(bench.line.frontier()).isEqualTo(10);
        assertThat(plan(bench.line.committable()).open()).isFalse();
        assertThat(bench.line.buffered()).isEqualTo(3);
    }

    @Test
    void recordsThatAreJudgedAheadOfTheirBatchAreNotAbandonedByAClose() {
        bench.poll(0, 3, 1);
        assertThat(bench.line.start(bench.nanos)).as("they are judged").isTrue();
        bench.line.finish();
        assertThat(bench.line.inFlight()).isEqualTo(1);
        assertThat(bench.line.finished()).isTrue();
        assertThat(bench.line.abandoned()).isZero();
    }

    @Test
    void recordsOfABatchThatIsNotStoredAreAbandoned() {
        bench.poll(0, 13, 1);
        bench.settle();
        bench.line.finish();
        assertThat(bench.line.finished()).isFalse();
        assertThat(bench.line.abandoned()).isEqualTo(10);
    }
}
