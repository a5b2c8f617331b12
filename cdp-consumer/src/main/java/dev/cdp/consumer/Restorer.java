package dev.cdp.consumer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a line for each partition that was assigned, at its committed offset and with what that commit carries. Until
 * this has succeeded the partition stays paused. Owner thread only.
 */
final class Restorer {

    private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final long PAUSE_NANOS = 500_000_000L;
    /** A new leader may show an older end for a moment. */
    private static final long SHORT_LOG_NANOS = 30_000_000_000L;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicIds topics;
    private final Assignment assignment;
    private final Committer committer;
    private final KafkaSettings kafka;
    private final Lines lines;
    /** Where partitions begin for which nothing is committed, so that asking twice gives one answer. */
    private final Map<Tenure, Long> begins = new HashMap<>();

    private final Map<TopicPartition, Long> shortSince = new HashMap<>();
    private long notBefore;

    /** Tells which topics there are. */
    interface TopicIds {

        /** The ids that those topics have now; without those that do not exist. */
        Map<String, UUID> ids(Set<String> topics);
    }

    /** Opens the line of a partition. */
    interface Lines {

        /** The line, or null while it cannot be told yet how it begins: then this is asked again. */
        @Nullable
        Line open(Tenure tenure, Start start);
    }

    /** Where a line begins: a committed offset, or a chosen one where nothing is committed. */
    record Start(long offset, @Nullable OffsetAndMetadata committed) {}

    Restorer(
            Consumer<byte[], byte[]> consumer,
            TopicIds topics,
            Assignment assignment,
            Committer committer,
            KafkaSettings kafka,
            Lines lines,
            long now) {
        this.consumer = consumer;
        this.topics = topics;
        this.assignment = assignment;
        this.committer = committer;
        this.kafka = kafka;
        this.lines = lines;
        this.notBefore = now;
    }

    /** Opens the lines that it can; how many. */
    int restore(long now) {
        Map<TopicPartition, Tenure> unread = assignment.unread();
        begins.keySet().retainAll(unread.values());
        if (unread.isEmpty() || now - notBefore < 0) {
            return 0;
        }
        notBefore = now + PAUSE_NANOS;
        int opened = 0;
        try {
            Map<String, UUID> ids = topics.ids(
                    unread.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet()));
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(unread.keySet(), TIMEOUT);
            for (Map.Entry<TopicPartition, Tenure> partition : unread.entrySet()) {
                UUID topicId = ids.get(partition.getKey().topic());
                if (topicId != null) {
                    partition.getValue().topicId(topicId);
                    opened += open(partition.getValue(), committed.get(partition.getKey()), now) ? 1 : 0;
                }
            }
        } catch (ConsumerStartException | KafkaException e) {
            LOG.warn("cannot read the committed offsets of {} yet: {}", unread.keySet(), e.toString());
        }
        if (opened == unread.size()) {
            notBefore = now;
        }
        return opened;
    }

    private boolean open(Tenure tenure, @Nullable OffsetAndMetadata committed, long now) {
        TopicPartition partition = tenure.partition();
        long offset = committed == null ? begins.computeIfAbsent(tenure, any -> begin(partition)) : committed.offset();
        Line line = lines.open(tenure, new Start(offset, committed));
        if (line == null) {
            return false;
        }
        if (committed != null) {
            if (!holds(partition, line.mustReach(), now)) {
                return false;
            }
            committer.restored(partition, committed);
        }
        if (committed != null && committed.leaderEpoch().isPresent()) {
            // With the epoch the client finds out whether the log was cut below the offset.
            consumer.seek(partition, new OffsetAndMetadata(offset, committed.leaderEpoch(), ""));
        } else {
            consumer.seek(partition, offset);
        }
        assignment.open(line);
        return true;
    }

    /** Whether the log is as long as a commit says. One that stays shorter was cut, and its offsets mean other records. */
    private boolean holds(TopicPartition partition, long end, long now) {
        long found = offset(partition, consumer.endOffsets(Set.of(partition), TIMEOUT));
        if (found >= end) {
            shortSince.remove(partition);
            return true;
        }
        if (now - shortSince.computeIfAbsent(partition, any -> now) > SHORT_LOG_NANOS) {
            throw new ConsumerStoppedException("group " + kafka.group() + " has read " + partition + " up to offset "
                    + end + ", and its log ends at " + found
                    + ": the log was cut, or the topic made anew. Compare, and set the group's offset to where reading"
                    + " shall go on");
        }
        return false;
    }

    private long begin(TopicPartition partition) {
        Set<TopicPartition> one = Set.of(partition);
        Map<TopicPartition, Long> found = switch (kafka.reset()) {
            case EARLIEST -> {
                Map<TopicPartition, Long> beginning = consumer.beginningOffsets(one, TIMEOUT);
                // The client takes the offset that it looked up last for the log's end, and reckons its lag from that.
                consumer.endOffsets(one, TIMEOUT);
                yield beginning;
            }
            case LATEST -> consumer.endOffsets(one, TIMEOUT);
            case NONE ->
                throw new ConsumerStoppedException("group " + kafka.group()
                        + " has committed nothing for " + partition
                        + ", and auto.offset.reset=none forbids to choose; set the group's offsets, or choose"
                        + " earliest or latest");
        };
        return offset(partition, found);
    }

    private static long offset(TopicPartition partition, Map<TopicPartition, Long> found) {
        Long offset = found.get(partition);
        if (offset == null) {
            throw new KafkaException("no offset of " + partition + " came");
        }
        return offset;
    }
}
