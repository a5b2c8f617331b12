package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Which offsets of one partition are settled, during one stretch of ownership. It knows only the offsets that came, so
 * gaps left by compaction and transaction markers do not hold it up. Owner thread only.
 */
final class OffsetLedger {

    private final ArrayDeque<Mark> open = new ArrayDeque<>();
    private final Map<Long, Mark> unsettled = new HashMap<>();
    private long position;

    /** A ledger for a partition that is read from this offset on. */
    OffsetLedger(long position) {
        this.position = position;
    }

    /** Notes that a record came. Offsets ascend. */
    void open(long offset) {
        if (offset < position) {
            throw new IllegalStateException("offset " + offset + " came after position " + position);
        }
        Mark mark = new Mark(offset);
        open.addLast(mark);
        unsettled.put(offset, mark);
        position = offset + 1;
    }

    /** Notes that the next record will come from this offset or later. */
    void advance(long nextOffset) {
        position = Math.max(position, nextOffset);
    }

    /** Notes that a record is settled: processed, or its dead letter acknowledged. */
    void complete(long offset) {
        Mark mark = unsettled.remove(offset);
        if (mark == null) {
            throw new IllegalStateException("offset " + offset + " is not open");
        }
        mark.settled = true;
        while (!open.isEmpty() && open.getFirst().settled) {
            open.removeFirst();
        }
    }

    /** The frontier: the offset of the first record that is not settled, or the position where all are. */
    long committable() {
        return open.isEmpty() ? position : open.getFirst().offset;
    }

    /** The next offset to come. */
    long position() {
        return position;
    }

    /** How many records came and are not settled. */
    int unsettled() {
        return unsettled.size();
    }

    private static final class Mark {

        private final long offset;
        private boolean settled;

        private Mark(long offset) {
            this.offset = offset;
        }
    }
}
