package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Records of one partition that wait to become a batch. Owner thread only. */
final class Gathering {

    /** How many batches' worth is held while one is being written. */
    private static final int AHEAD = 2;

    /** A sink that says that its batches are too large gets this part more of what it may have with each that passes. */
    private static final int STEPS = 8;

    private final BatchLimits most;
    private BatchLimits limits;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long since;
    private boolean hurry;

    Gathering(BatchLimits limits) {
        this.most = limits;
        this.limits = limits;
    }

    void add(Entry entry, long now) {
        if (entries.isEmpty()) {
            since = now;
        }
        entries.addLast(entry);
        bytes += entry.size();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether a batch should be made of what is here. */
    boolean due(long now) {
        return full() || (!entries.isEmpty() && (hurry || dueIn(now) == 0));
    }

    private boolean full() {
        return entries.size() >= limits.rows() || bytes >= limits.bytes();
    }

    /** Whether so much is here that more should wait in the log. */
    boolean enough() {
        return entries.size() >= AHEAD * limits.rows() || bytes >= AHEAD * limits.bytes();
    }

    /** Nanoseconds until the linger of the first record is over; {@code Long.MAX_VALUE} where there is none. */
    long dueIn(long now) {
        if (entries.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return full() ? 0 : Math.max(0, limits.linger().toNanos() - (now - since));
    }

    /** Makes what is here due, because memory is short. */
    void hurry() {
        hurry = !entries.isEmpty();
    }

    /** Takes a batch's worth: at least one record, and otherwise no more than the limits say. */
    List<Entry> next(long now) {
        List<Entry> taken = new ArrayList<>();
        long size = 0;
        while (!entries.isEmpty()
                && taken.size() < limits.rows()
                && (taken.isEmpty() || size + entries.getFirst().size() <= limits.bytes())) {
            size += entries.getFirst().size();
            taken.add(remove());
        }
        rest(now);
        return taken;
    }

    /** Takes every record before an offset, whatever the limits say. */
    List<Entry> until(long end, long now) {
        List<Entry> taken = new ArrayList<>();
        while (!entries.isEmpty() && entries.getFirst().offset() < end) {
            taken.add(remove());
        }
        rest(now);
        return taken;
    }

    /** Makes the next batches at most half as large as one that was too large for the sink; how large. */
    BatchLimits shrink(int rows, long size) {
        limits = new BatchLimits(
                Math.min(limits.rows(), Math.max(1, rows / 2)),
                Math.min(limits.bytes(), Math.max(1, size / 2)),
                most.linger());
        return limits;
    }

    /** Lets the next ones be larger, up to the limits: the sink has taken one. */
    void grow() {
        if (!limits.equals(most)) {
            limits = new BatchLimits(
                    (int) Math.min(most.rows(), limits.rows() + Math.max(1L, most.rows() / STEPS)),
                    Math.min(most.bytes(), limits.bytes() + Math.max(1, most.bytes() / STEPS)),
                    most.linger());
        }
    }

    private Entry remove() {
        Entry first = entries.removeFirst();
        bytes -= first.size();
        return first;
    }

    private void rest(long now) {
        since = now;
        hurry = false;
    }

    int rows() {
        return entries.size();
    }

    long bytes() {
        return bytes;
    }
}
