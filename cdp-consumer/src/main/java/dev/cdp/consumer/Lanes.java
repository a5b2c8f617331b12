package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that wait for a worker, in lanes: within a lane one at a time and in order, between
 * lanes in any order. Which records share a lane is said by the {@link Ordering}. Owner thread only.
 *
 * <p>A worker takes a run: the first records of one or several lanes. How many is learnt: handlers that are quick get
 * long runs, because crossing threads costs more than they do; slow ones get single records, so that none waits behind
 * another's work while a worker is free.
 */
final class Lanes {

    private static final int USUAL_RUN = 32;
    /** As many as a poll brings: nobody else could work on them meanwhile. */
    private static final int WHOLE_RUN = 512;

    private static final long MOMENT_NANOS = 20_000_000L;
    private static final Object WHOLE = "whole partition";

    private final Ordering ordering;
    private final int longestRun;
    private final Scale scale;
    private final Map<Object, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final PriorityQueue<Lane> waiting = new PriorityQueue<>(Comparator.comparingLong(lane -> lane.notBefore));
    private long weighedAt;
    private int runLength = 1;
    private int records;
    private long bytes;

    /**
     * No lanes yet.
     *
     * @param largestBatch how many records a handler takes at once
     */
    Lanes(Ordering ordering, int largestBatch, Scale scale) {
        this.ordering = ordering;
        this.longestRun = Math.max(ordering == Ordering.PARTITION ? WHOLE_RUN : USUAL_RUN, largestBatch);
        this.scale = scale;
    }

    /**
     * Adds a record at the end of its lane.
     *
     * @param notBefore from when on it may be taken; later than now only for the first of its lane
     */
    void enqueue(Entry entry, long notBefore, long now) {
        Lane lane = lanes.computeIfAbsent(name(entry), Lane::new);
        entry.waitsIn(lane);
        scale.weigh(entry);
        if (lane.entries.isEmpty() && lane.run == null) {
            if (notBefore - now > 0) {
                lane.notBefore = notBefore;
                waiting.add(lane);
            } else {
                ready.addLast(lane);
            }
        }
        lane.entries.addLast(entry);
        records++;
        bytes += entry.size();
    }

    /**
     * The records that a worker may take now, whose lanes are busy until {@link #free}; null for none.
     *
     * @param workers how many are free: lanes that are ready are shared out between them
     */
    @Nullable
    Run next(long now, int workers) {
        if (!ready(now)) {
            return null;
        }
        int taken = Math.max(1, Math.min(runLength, ready.size() / workers));
        return take(taken, taken == 1 ? longestRun : runLength / taken);
    }

    /** A single record that a worker may take now; null for none. */
    @Nullable
    Run one(long now) {
        return ready(now) ? take(1, 1) : null;
    }

    private Run take(int taken, int ofEach) {
        Run run = new Run();
        for (int i = 0; i < taken; i++) {
            Lane lane = ready.removeFirst();
            lane.run = run;
            run.lanes.add(lane);
            Iterator<Entry> entries = lane.entries.iterator();
            for (int left = ofEach; left > 0 && entries.hasNext(); left--) {
                Entry entry = entries.next();
                entry.begun(true);
                run.entries.add(entry);
            }
        }
        return run;
    }

    /** Whether the last runs took little time though they were long. */
    boolean quick() {
        return runLength >= USUAL_RUN;
    }

    /** Whether a lane waits for nothing but a worker. */
    boolean ready(long now) {
        while (!waiting.isEmpty() && waiting.peek().notBefore - now <= 0) {
            ready.addLast(waiting.remove());
        }
        return !ready.isEmpty();
    }

    /** Takes out the head of a busy lane, which is this entry. */
    void remove(Entry entry) {
        Lane lane = busy(entry);
        if (lane.entries.peekFirst() != entry) {
            throw new IllegalStateException("offset " + entry.offset() + " is not the head of its lane");
        }
        lane.entries.removeFirst();
        if (lane.run != null) {
            lane.run.removed++;
        }
        records--;
        bytes -= entry.size();
    }

    /** Ends the run that this entry belongs to: its lanes may be taken again, the entry's own from that time on. */
    void free(Entry entry, long notBefore, long now) {
        Lane ended = busy(entry);
        Run run = ended.run;
        if (run == null) {
            throw new IllegalStateException("offset " + entry.offset() + " is in no run");
        }
        for (Entry left : run.entries.subList(run.removed, run.entries.size())) {
            left.begun(false);
        }
        runLength = run.slow ? Math.max(1, runLength / 2) : Math.min(longestRun, 2 * runLength);
        for (Lane lane : run.lanes) {
            lane.run = null;
            if (lane.entries.isEmpty()) {
                lanes.remove(lane.name);
            } else if (lane == ended && notBefore - now > 0) {
                lane.notBefore = notBefore;
                waiting.add(lane);
            } else {
                ready.addLast(lane);
            }
        }
    }

    /** Weighs what waits for longer than a moment and is with no worker. */
    void weigh(long now) {
        if (weighedAt != 0 && now - weighedAt < MOMENT_NANOS) {
            return;
        }
        weighedAt = now;
        for (Lane lane : lanes.values()) {
            for (Entry entry : lane.entries) {
                bytes += entry.weighIfSeen();
            }
        }
    }

    private Object name(Entry entry) {
        byte[] key = entry.record().key();
        return switch (ordering) {
            case PARTITION -> WHOLE;
            case KEY -> key == null ? entry : new Key(key);
            case NONE -> entry;
        };
    }

    private Lane busy(Entry entry) {
        Lane lane = entry.lane();
        if (lane == null || lane.owner() != this) {
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

    /** A record's key. */
    private static final class Key {

        private final byte[] bytes;
        private final int hash;

        private Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** What a worker takes in one go. It is the worker's until the last report. */
    static final class Run {

        private final List<Lane> lanes = new ArrayList<>();
        private final List<Entry> entries = new ArrayList<>();
        private int removed;
        private boolean slow;

        private Run() {}

        List<Entry> entries() {
            return entries;
        }

        /** Whether nobody else could work on them meanwhile. */
        boolean ofOneLane() {
            return lanes.size() == 1;
        }

        /** Notes that it takes long, which is said before its last report. */
        void slow() {
            slow = true;
        }
    }

    /** What waits in one order. */
    final class Lane {

        private final Object name;
        private final ArrayDeque<Entry> entries = new ArrayDeque<>(1);
        private @Nullable Run run;

        private long notBefore;

        private Lane(Object name) {
            this.name = name;
        }

        private Lanes owner() {
            return Lanes.this;
        }
    }
}
