package dev.cdp.consumer;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    /** The topic that each partition was opened for last. */
    private final Map<TopicPartition, UUID> opened = new HashMap<>();
    /** Partitions of topics that were recreated, until something of the new one is committed. */
    private final Set<TopicPartition> replaced = new HashSet<>();

    private long notBefore;

    /** Tells which topics there are. */
    interface TopicIds {

        /** The ids that those topics have now; without those that do not exist. */
        Map<String, UUID> ids(Set<String> topics);

        /** Topics that do not keep what is written to them, each with what is wrong, without waiting; it may fail. */
        default CompletionStage<Map<String, String>> unfitLater() {
            return CompletableFuture.completedFuture(Map.of());
        }

        /** The ids without waiting; it may fail. */
        default CompletionStage<Map<String, UUID>> idsLater(Set<String> topics) {
            return CompletableFuture.completedFuture(ids(topics));
        }
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

    private boolean open(Tenure tenure, @Nullable OffsetAndMetadata found, long now) {
        TopicPartition partition = tenure.partition();
        boolean ofAnother = ofAnotherTopic(tenure, found);
        OffsetAndMetadata committed = ofAnother ? null : found;
        long offset = committed == null
                ? begins.computeIfAbsent(tenure, any -> begin(partition, ofAnother))
                : committed.offset();
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
        if (ofAnother && replaced.add(partition)) {
            LOG.error(
                    "topic {} was deleted and created again; {} is read from offset {}, and what the group has committed"
                            + " for the former topic is not used",
                    partition.topic(),
                    partition,
                    offset);
        }
        opened.put(partition, tenure.topicId());
        assignment.open(line);
        return true;
    }

    /** Whether a commit is a position in a topic that is gone: an offset belongs to a topic's id, not to its name. */
    private boolean ofAnotherTopic(Tenure tenure, @Nullable OffsetAndMetadata committed) {
        UUID id = opened.get(tenure.partition());
        if (committed != null) {
            try {
                id = SettledRuns.parse(committed.metadata()).topicId();
            } catch (CommitText.UnreadableException e) {
                if (!committed.metadata().isEmpty()) {
                    return false; // a sink's plan names its topic too, and its line compares it
                }
            }
        }
        return id != null && !id.equals(tenure.topicId());
    }

    /** Topics that were recreated and of which nothing is committed yet, for {@code health()}. */
    Map<String, String> replaced() {
        replaced.removeIf(partition -> committer.acknowledged(partition) != null || assignment.line(partition) == null);
        Map<String, String> found = new HashMap<>();
        replaced.forEach(partition ->
                found.put("topic " + partition.topic(), "deleted and created again; it is read from its beginning"));
        return found;
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
                    + ": the log was cut, or the topic recreated. Compare, and set the group's offset to where reading"
                    + " shall go on");
        }
        return false;
    }

    /** A topic that was recreated is read from its beginning, because all of it came after what the group has read. */
    private long begin(TopicPartition partition, boolean recreated) {
        Set<TopicPartition> one = Set.of(partition);
        Map<TopicPartition, Long> found = switch (recreated && kafka.reset() == KafkaSettings.Reset.LATEST
                ? KafkaSettings.Reset.EARLIEST
                : kafka.reset()) {
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
