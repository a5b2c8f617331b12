package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.Iterator;

import dev.cdp.core.sink.EventSink;
import org.jspecify.annotations.Nullable;

/** The batch of one partition that forms while another one is being written. Owner thread only. */
final class Gathering {

    /** A sink that says that its batches are too large gets this part more of what it may have with each that passes. */
    private static final int STEPS = 8;

    private final EventSink sink;
    private final BatchLimits most;
    private BatchLimits limits;
    private Batch forming;
    /** The end of the batch that forms, if a predecessor has planned it. */
    private @Nullable Long plannedEnd;
    /** Came when the batch was full. */
    private final ArrayDeque<Entry> behind = new ArrayDeque<>();

    private long bytesBehind;
    private long since;
    private boolean hurry;

    Gathering(EventSink sink, BatchLimits limits) {
        this.sink = sink;
        this.most = limits;
        this.limits = limits;
        this.forming = empty();
    }

    private Batch empty() {
        return new Batch(Draft.light(sink), null);
    }

    /** Has the first batch end where a plan says. */
    void plan(long end, Batch.Past past) {
        forming = new Batch(Draft.whole(sink), past);
        plannedEnd = end;
    }

    /** Takes the next record; false if it needs no more than to be counted. */
    boolean add(Entry entry, long now) {
        if (isEmpty()) {
            since = now;
        }
        if (behind.isEmpty() && fits(entry)) {
            return forming.add(entry);
        }
        behind.addLast(entry);
        bytesBehind += entry.size();
        return true;
    }

    /** A planned batch has every record before its end, whatever the limits say; another one has one at least. */
    private boolean fits(Entry entry) {
        if (plannedEnd != null) {
            return entry.offset() < plannedEnd;
        }
        return forming.rows() < limits.rows()
                && (forming.rows() == 0 || forming.bytes() + entry.size() <= limits.bytes());
    }

    Batch forming() {
        return forming;
    }

    boolean isEmpty() {
        return rows() == 0;
    }

    /** Whether the batch should be sealed. */
    boolean due(long now) {
        return !isEmpty() && (full() || hurry || dueIn(now) == 0);
    }

    /** Whether so much is here that more should wait in the log. */
    boolean full() {
        return !behind.isEmpty() || forming.rows() >= limits.rows() || forming.bytes() >= limits.bytes();
    }

    /** Nanoseconds until the linger of the first record is over; {@code Long.MAX_VALUE} where there is none. */
    long dueIn(long now) {
        if (isEmpty()) {
            return Long.MAX_VALUE;
        }
        return full() ? 0 : Math.max(0, limits.linger().toNanos() - (now - since));
    }

    /** Makes what is here due, because memory is short. */
    void hurry() {
        hurry = !isEmpty();
    }

    /** Takes the batch, and lets the next one form. */
    Batch next(long now) {
        Batch taken = forming;
        plannedEnd = null;
        since = now;
        hurry = false;
        forming = empty();
        fill();
        return taken;
    }

    private void fill() {
        for (Iterator<Entry> rest = behind.iterator(); rest.hasNext(); ) {
            Entry entry = rest.next();
            if (!fits(entry)) {
                return;
            }
            boolean unused = forming.add(entry);
            bytesBehind -= entry.size();
            rest.remove();
        }
    }

    /** Makes the next batches, after the one that forms, at most half as large as one that was too large for the sink; how large. */
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

    int rows() {
        return forming.rows() + behind.size();
    }

    /** Records that are not settled. */
    int pending() {
        return forming.pending() + behind.size();
    }

    long bytes() {
        return forming.bytes() + bytesBehind;
    }
}
