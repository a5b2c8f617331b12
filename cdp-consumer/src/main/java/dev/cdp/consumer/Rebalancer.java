package dev.cdp.consumer;

import java.time.Duration;
import java.util.Collection;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when partitions come and go. Revoked ones start nothing new; what runs is waited for inside the
 * callback, less than half of {@code max.poll.interval.ms}, and what is settled is committed before they go. Kafka
 * calls it on the owner thread, inside {@code poll()}.
 */
final class Rebalancer implements ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(Rebalancer.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignment assignment;
    private final Flow flow;
    private final Committer committer;
    private final LetterGauge gauge;
    private final Outages outages;
    private final Drain drain;
    private final Duration patience;

    /** Takes outcomes and starts nothing. */
    interface Drain {

        /** Returns when nothing of these lines is in flight, or when the time is over. */
        void await(Collection<Line> lines, Duration timeout);
    }

    Rebalancer(
            Consumer<byte[], byte[]> consumer,
            Assignment assignment,
            Flow flow,
            Committer committer,
            LetterGauge gauge,
            Outages outages,
            Drain drain,
            Duration maxPollInterval) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.flow = flow;
        this.committer = committer;
        this.gauge = gauge;
        this.outages = outages;
        this.drain = drain;
        this.patience = patience(maxPollInterval);
    }

    /** How long a rebalance waits for what runs. */
    static Duration patience(Duration maxPollInterval) {
        return maxPollInterval.dividedBy(4);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        LOG.info("assigned {}", partitions);
        begin(partitions);
    }

    private void begin(Collection<TopicPartition> partitions) {
        flow.begin(partitions);
        // Any position will do while they are paused; without one, poll() would ask for a reset policy.
        partitions.forEach(partition -> consumer.seek(partition, 0));
        assignment.add(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        LOG.info("revoked {}", partitions);
        Collection<Line> lines = assignment.linesOf(partitions);
        drain.await(lines, patience);
        committer.commitNow(lines, patience.compareTo(COMMIT_TIMEOUT) < 0 ? patience : COMMIT_TIMEOUT);
        drop(partitions, lines);
    }

    /** Has partitions that stay ours read again from what is committed, and nothing else of them is to be. */
    void reopen(Collection<TopicPartition> partitions) {
        Collection<Line> lines = assignment.linesOf(partitions);
        drain.await(lines, patience);
        drop(partitions, lines);
        begin(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        LOG.warn("lost {}; somebody else may have them already, so nothing is committed", partitions);
        drop(partitions, assignment.linesOf(partitions));
    }

    /** Lets go of partitions with which everything is done, before Kafka asks for them. */
    void letGo(Collection<TopicPartition> partitions) {
        drop(partitions, assignment.linesOf(partitions));
    }

    private void drop(Collection<TopicPartition> partitions, Collection<Line> lines) {
        lines.forEach(line -> line.tally().returned(line.buffered()));
        assignment.drop(partitions);
        committer.forget(partitions);
        flow.forget(partitions);
        gauge.forget(partitions);
        lines.forEach(outages::ended);
    }
}
