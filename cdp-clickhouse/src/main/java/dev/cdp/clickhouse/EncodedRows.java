package dev.cdp.clickhouse;

import java.util.Arrays;

/** Rows of one table in {@code RowBinaryWithNamesAndTypes}, one after the other, and the offset that each came from. */
final class EncodedRows {

    private final RowBuffer bytes;
    private final int header;
    private int[] starts = new int[64];
    private long[] offsets = new long[64];
    private int count;

    /** {@code bytes} holds the header and nothing else. */
    EncodedRows(RowBuffer bytes) {
        this.bytes = bytes;
        this.header = bytes.size();
    }

    /** Says that the row of this offset begins where the bytes end now. */
    void begin(long offset) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        starts[count] = bytes.size();
        offsets[count] = offset;
        count++;
    }

    /** Takes back the row that was begun last. */
    void rollback() {
        count--;
        bytes.truncate(starts[count]);
    }

    RowBuffer buffer() {
        return bytes;
    }

    int count() {
        return count;
    }

    long offset(int row) {
        return offsets[row];
    }

    /** How many bytes name the columns and their types. */
    int headerEnd() {
        return header;
    }

    /** Where in the bytes a row begins, or for {@link #count()} where the last one ends. */
    int start(int row) {
        return row == count ? bytes.size() : starts[row];
    }
}
