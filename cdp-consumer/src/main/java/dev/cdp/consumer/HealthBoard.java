package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The latest picture of a running consumer: drawn by the owner thread, looked at by any. */
final class HealthBoard {

    private static final long PERIOD_NANOS = 100_000_000L;
    private static final long END_PERIOD_NANOS = 5_000_000_000L;
    private static final Duration END_TIMEOUT = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignment assignment;
    private final Committer committer;
    private final Outages outages;
    private final Watchdog watchdog;
    private final LongSupplier nanos;
    /** The ends of logs that are paused and so not fetched. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private volatile Picture picture = new Picture(List.of(), List.of(), null);
    private long drawnAt;
    private long endsAt;

    /** What was seen. */
    record Picture(List<PartitionHealth> partitions, List<Outage> outages, java.time.@Nullable Instant lastCommit) {}

    HealthBoard(
            Consumer<byte[], byte[]> consumer,
            Assignment assignment,
            Committer committer,
            Outages outages,
            Watchdog watchdog,
            LongSupplier nanos) {
        long now = nanos.getAsLong();
        this.consumer = consumer;
        this.assignment = assignment;
        this.committer = committer;
        this.outages = outages;
        this.watchdog = watchdog;
        this.nanos = nanos;
        this.drawnAt = now - PERIOD_NANOS;
        this.endsAt = now;
    }

    Picture picture() {
        return picture;
    }

    /** Draws again if the picture is old. */
    void maybeDraw(boolean somePaused, long now) {
        if (now - drawnAt < PERIOD_NANOS) {
            return;
        }
        if (somePaused && now - endsAt >= END_PERIOD_NANOS) {
            askEnds();
            endsAt = now;
        }
        draw();
        drawnAt = now;
    }

    void draw() {
        List<PartitionHealth> partitions = new ArrayList<>();
        long now = nanos.getAsLong();
        List<TopicPartition> ours = new ArrayList<>();
        for (Line line : assignment.lines()) {
            ours.add(line.tenure().partition());
            partitions.add(health(line, now));
        }
        watchdog.keep(ours);
        partitions.sort(Comparator.comparing(PartitionHealth::topic).thenComparingInt(PartitionHealth::partition));
        picture = new Picture(partitions, outages.current(), committer.lastCommit());
    }

    private PartitionHealth health(Line line, long now) {
        TopicPartition partition = line.tenure().partition();
        OffsetAndMetadata committed = committer.acknowledged(partition);
        long from = committed == null ? line.frontier() : committed.offset();
        return new PartitionHealth(
                partition.topic(),
                partition.partition(),
                line.position(),
                committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset()),
                lag(partition, from, line.position()),
                line.buffered(),
                line.buffered() == 0 ? OptionalLong.empty() : OptionalLong.of(line.frontier()),
                watchdog.look(line, now),
                line.tally().counts(line.buffered()));
    }

    private OptionalLong lag(TopicPartition partition, long from, long position) {
        OptionalLong ahead = consumer.currentLag(partition);
        long end = Math.max(ahead.isPresent() ? position + ahead.getAsLong() : -1, ends.getOrDefault(partition, -1L));
        return end < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, end - from));
    }

    private void askEnds() {
        List<TopicPartition> partitions = new ArrayList<>();
        assignment.lines().forEach(line -> partitions.add(line.tenure().partition()));
        ends.keySet().retainAll(partitions);
        try {
            ends.putAll(consumer.endOffsets(partitions, END_TIMEOUT));
        } catch (KafkaException e) {
            // The picture keeps the ends that were seen last.
        }
    }
}
