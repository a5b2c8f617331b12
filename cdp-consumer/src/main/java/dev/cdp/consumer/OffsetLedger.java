package dev.cdp.consumer;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which offsets of one partition are settled, during one stretch of ownership. It knows only the offsets that came, so
 * gaps left by compaction and transaction markers do not hold it up. Owner thread only.
 */
final class OffsetLedger {

    /** The records from the frontier on, in a ring: ascending offsets, and which of them are settled. */
    private long[] offsets = new long[64];

    private boolean[] settled = new boolean[64];
    private int head;
    private int size;
    private int unsettled;
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
        if (size == offsets.length) {
            grow();
        }
        int slot = slot(size);
        offsets[slot] = offset;
        settled[slot] = false;
        size++;
        unsettled++;
        position = offset + 1;
    }

    /** Notes that the next record will come from this offset or later. */
    void advance(long nextOffset) {
        position = Math.max(position, nextOffset);
    }

    /** Notes that a record is settled: processed, or its dead letter acknowledged. */
    void complete(long offset) {
        int slot = find(offset);
        if (slot < 0 || settled[slot]) {
            throw new IllegalStateException("offset " + offset + " is not open");
        }
        settled[slot] = true;
        unsettled--;
        while (size > 0 && settled[head]) {
            head = slot(1);
            size--;
        }
    }

    /** The frontier: the offset of the first record that is not settled, or the position where all are. */
    long committable() {
        return size == 0 ? position : offsets[head];
    }

    /** What is settled beyond the frontier: for the first offset of each run, the offset after its last. */
    NavigableMap<Long, Long> ahead() {
        NavigableMap<Long, Long> runs = new TreeMap<>();
        if (unsettled == size) {
            return runs;
        }
        long first = -1;
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            if (!settled[slot]) {
                first = -1;
            } else {
                first = first < 0 ? offsets[slot] : first;
                runs.put(first, offsets[slot] + 1);
            }
        }
        return runs;
    }

    /** The next offset to come. */
    long position() {
        return position;
    }

    /** How many records came and are not settled. */
    int unsettled() {
        return unsettled;
    }

    /** How many records came from the frontier on, settled or not. */
    int span() {
        return size;
    }

    private int slot(int index) {
        return (head + index) & (offsets.length - 1);
    }

    private int find(long offset) {
        if (size > 0 && offsets[head] == offset) {
            return head; // as most are, in the order of the log
        }
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = offsets[slot(middle)];
            if (found == offset) {
                return slot(middle);
            }
            if (found < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private void grow() {
        int length = offsets.length;
        long[] largerOffsets = new long[2 * length];
        boolean[] largerSettled = new boolean[2 * length];
        for (int i = 0; i < size; i++) {
            largerOffsets[i] = offsets[slot(i)];
            largerSettled[i] = settled[slot(i)];
        }
        offsets = largerOffsets;
        settled = largerSettled;
        head = 0;
    }
}
