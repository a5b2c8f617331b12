package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Which partitions are paused, so that what is read and not settled stays within memory. Owner thread only. */
final class Flow {

    private final Consumer<byte[], byte[]> consumer;
    private final long maxBytes;
    private final Set<TopicPartition> paused = new HashSet<>();

    Flow(Consumer<byte[], byte[]> consumer, long maxBytes) {
        this.consumer = consumer;
        this.maxBytes = maxBytes;
    }

    /** Notes partitions that begin paused. */
    void begin(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        paused.addAll(partitions);
    }

    void forget(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    /** Pauses every line; nothing more is taken. */
    void stop(Collection<Line> lines) {
        List<TopicPartition> all = new ArrayList<>();
        lines.forEach(line -> all.add(line.tenure().partition()));
        all.removeAll(paused);
        begin(all);
    }

    /**
     * Pauses the lines that have enough and resumes those that want more. A line that holds nothing is fed even where
     * memory is short, so that lines that are held up starve no other.
     */
    void balance(Collection<Line> lines) {
        long bytes = 0;
        for (Line line : lines) {
            bytes += line.bufferedBytes();
        }
        boolean tight = bytes >= maxBytes;
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (Line line : lines) {
            if (tight) {
                line.hurry();
            }
            TopicPartition partition = line.tenure().partition();
            boolean fed = switch (line.appetite()) {
                case FULL -> false;
                case HUNGRY -> !tight || line.buffered() == 0;
                case STARVING -> true;
            };
            if (fed && paused.remove(partition)) {
                resume.add(partition);
            } else if (!fed && paused.add(partition)) {
                pause.add(partition);
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
    }

    /** Whether nothing would be taken from a poll. */
    boolean allPaused(Collection<Line> lines) {
        for (Line line : lines) {
            if (!paused.contains(line.tenure().partition())) {
                return false;
            }
        }
        return !lines.isEmpty();
    }

    boolean anyPaused() {
        return !paused.isEmpty();
    }
}
