package dev.cdp.consumer;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Counts dead letters by event and partition against the {@link DeadLetterLimit}. Owner thread only. */
final class LetterGauge {

    private final @Nullable DeadLetterLimit limit;
    private final Predicate<String> known;
    private final Map<TopicPartition, Map<String, Window>> windows = new HashMap<>();
    private final Map<TopicPartition, String> tripped = new HashMap<>();

    /**
     * A guard.
     *
     * @param limit null for no limit
     * @param known whether the catalog has an event of that name; all others are counted as one, because whoever writes
     *     records can make up as many names as he likes
     */
    LetterGauge(@Nullable DeadLetterLimit limit, Predicate<String> known) {
        this.limit = limit;
        this.known = known;
    }

    /** Notes a record that was processed. */
    void processed(TopicPartition partition, String event) {
        processed(partition, event, 1);
    }

    /** Notes so many records that were processed. */
    void processed(TopicPartition partition, String event, int records) {
        if (limit != null) {
            Window window = window(partition, event, limit);
            for (int i = 0; i < records; i++) {
                window.add(false);
            }
        }
    }

    /** Notes a record that is dead-lettered; with the one that reaches the limit its partition has stopped. */
    void deadLettered(TopicPartition partition, String name) {
        if (limit != null) {
            String event = known.test(name) ? name : "";
            Window window = window(partition, event, limit);
            window.add(true);
            String found = window.beyond();
            if (!found.isEmpty()) {
                tripped.putIfAbsent(partition, (event.isEmpty() ? "unknown events" : event) + ": " + found);
            }
        }
    }

    /** Whether a partition has stopped. */
    boolean tripped(TopicPartition partition) {
        return !tripped.isEmpty() && tripped.containsKey(partition);
    }

    /** The partitions that have stopped, each with the reason. */
    Map<String, String> tripped() {
        Map<String, String> reasons = new TreeMap<>();
        tripped.forEach((partition, reason) -> reasons.put("dead letter limit of " + partition, reason));
        return reasons;
    }

    /** Counts from zero again. */
    void release() {
        windows.clear();
        tripped.clear();
    }

    void forget(Collection<TopicPartition> partitions) {
        windows.keySet().removeAll(partitions);
        tripped.keySet().removeAll(partitions);
    }

    /** How many windows are kept. */
    int windows() {
        return windows.values().stream().mapToInt(Map::size).sum();
    }

    private Window window(TopicPartition partition, String event, DeadLetterLimit by) {
        return windows.computeIfAbsent(partition, any -> new HashMap<>()).computeIfAbsent(event, any -> new Window(by));
    }

    private static final class Window {

        private final DeadLetterLimit limit;
        private final BitSet dead = new BitSet();
        private int next;
        private int seen;
        private int deadSeen;
        private int row;

        private Window(DeadLetterLimit limit) {
            this.limit = limit;
        }

        private void add(boolean isDead) {
            if (seen == limit.window()) {
                deadSeen -= dead.get(next) ? 1 : 0;
            } else {
                seen++;
            }
            dead.set(next, isDead);
            deadSeen += isDead ? 1 : 0;
            row = isDead ? row + 1 : 0;
            next = (next + 1) % limit.window();
        }

        private String beyond() {
            if (row >= limit.consecutive()) {
                return row + " in a row";
            }
            return seen == limit.window() && deadSeen >= limit.share() * seen ? deadSeen + " of the last " + seen : "";
        }
    }
}
