package dev.cdp.consumer;

import java.util.List;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TenureTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @Test
    void aPartitionThatComesBackWaitsForTheWorkThatStillRunsFromBefore() {
        Tenure first = new Tenure(PARTITION, null);
        first.started();
        first.end();
        Tenure second = new Tenure(PARTITION, first);
        second.end();
        Tenure third = new Tenure(PARTITION, second);
        assertThat(third.mayStart()).isFalse();
        first.ended();
        assertThat(third.mayStart()).isTrue();
    }

    @Test
    void onceRevokedNothingStartsAndOutcomesCountUntilTheEnd() {
        Tenure tenure = new Tenure(PARTITION, null);
        assertThat(List.of(tenure.mayStart(), tenure.starting(), tenure.active()))
                .containsOnly(true);
        tenure.stopStarting();
        assertThat(List.of(tenure.mayStart(), tenure.starting(), tenure.active()))
                .containsExactly(false, false, true);
        tenure.end();
        assertThat(tenure.active()).isFalse();
    }

    @Test
    void aDroppedPartitionHasNoLineLeftThatACommitCouldAsk() {
        Assignment assignment = new Assignment();
        assignment.add(List.of(PARTITION));
        assertThat(assignment.unread()).containsOnlyKeys(PARTITION);
        assignment.drop(List.of(PARTITION));
        assertThat(assignment.unread()).isEmpty();
        assertThat(assignment.lines()).isEmpty();
    }
}
