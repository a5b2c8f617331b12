package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that wait for a worker, in lanes: within a lane one at a time and in order, between
 * lanes in any order. Which records share a lane is a function of the record; by {@link #ofPartition()} all do. Owner
 * thread only.
 */
final class Lanes {

    /** How many records a worker takes in one go. */
    private static final int RUN = 32;

    private static final Object WHOLE = "whole partition";

    private final Function<Entry, Object> laneOf;
    private final Map<Object, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final PriorityQueue<Lane> waiting = new PriorityQueue<>(Comparator.comparingLong(lane -> lane.notBefore));
    private int records;
    private long bytes;

    private Lanes(Function<Entry, Object> laneOf) {
        this.laneOf = laneOf;
    }

    /** One lane for the whole partition: the order of the log. */
    static Lanes ofPartition() {
        return new Lanes(entry -> WHOLE);
    }

    void enqueue(Entry entry) {
        Lane lane = lanes.computeIfAbsent(laneOf.apply(entry), Lane::new);
        if (lane.entries.isEmpty()) {
            ready.addLast(lane);
        }
        lane.entries.addLast(entry);
        records++;
        bytes += entry.size();
    }

    /** The records that a worker may take now, all of one lane, which is busy until {@link #free}; null for none. */
    @Nullable
    List<Entry> next(long now) {
        while (!waiting.isEmpty() && waiting.peek().notBefore - now <= 0) {
            ready.addLast(waiting.remove());
        }
        Lane lane = ready.pollFirst();
        if (lane == null) {
            return null;
        }
        List<Entry> run = new ArrayList<>(Math.min(RUN, lane.entries.size()));
        for (Entry entry : lane.entries) {
            if (run.size() == RUN) {
                break;
            }
            run.add(entry);
        }
        return run;
    }

    /** Takes out the head of a busy lane, which is this entry. */
    void remove(Entry entry) {
        Lane lane = laneOf(entry);
        if (lane.entries.peekFirst() != entry) {
            throw new IllegalStateException("offset " + entry.offset() + " is not the head of its lane");
        }
        lane.entries.removeFirst();
        records--;
        bytes -= entry.size();
    }

    /** Ends a run: the lane of this entry, which may be out of it already, may be taken again from that time on. */
    void free(Entry entry, long notBefore, long now) {
        Lane lane = laneOf(entry);
        if (lane.entries.isEmpty()) {
            lanes.remove(lane.name);
        } else if (notBefore - now > 0) {
            lane.notBefore = notBefore;
            waiting.add(lane);
        } else {
            ready.addLast(lane);
        }
    }

    private Lane laneOf(Entry entry) {
        Lane lane = lanes.get(laneOf.apply(entry));
        if (lane == null) {
            throw new IllegalStateException("offset " + entry.offset() + " has no lane");
        }
        return lane;
    }

    int records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    /** Nanoseconds until a waiting lane is ready; {@code Long.MAX_VALUE} for none. */
    long dueIn(long now) {
        Lane first = waiting.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.notBefore - now);
    }

    private static final class Lane {

        private final Object name;
        private final ArrayDeque<Entry> entries = new ArrayDeque<>();
        private long notBefore;

        private Lane(Object name) {
            this.name = name;
        }
    }
}
