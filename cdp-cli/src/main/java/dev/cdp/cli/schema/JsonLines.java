package dev.cdp.cli.schema;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a stream one after the other, never more than one of them in memory. Empty ones are counted and passed over. */
final class JsonLines {

    private static final int CHUNK = 1 << 16;
    private static final int KEPT = 1 << 20;

    private final InputStream in;
    private final int max;
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int to;
    private byte[] line = new byte[CHUNK];
    private int length;
    private long total;
    private long number;
    private boolean ended;

    /** A line longer than {@code max} bytes is {@link #tooLong()}. */
    JsonLines(InputStream in, int max) {
        this.in = in;
        this.max = max;
    }

    /** Goes on to the next line that is not empty; false at the end. */
    boolean next() throws IOException {
        while (!ended) {
            read();
            if (ended && total == 0) {
                return false;
            }
            number++;
            if (!blank()) {
                return true;
            }
        }
        return false;
    }

    /** The number of the line in the stream, from 1. */
    long number() {
        return number;
    }

    boolean tooLong() {
        return total > max;
    }

    /** The bytes of the line, without its end. */
    byte[] bytes() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return Arrays.copyOf(line, end);
    }

    private void read() throws IOException {
        length = 0;
        total = 0;
        if (line.length > KEPT) {
            line = new byte[CHUNK]; // one long line does not keep its memory
        }
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(chunk));
                if (to == 0) {
                    ended = true;
                    return;
                }
            }
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            append(end - from);
            boolean complete = end < to;
            from = complete ? end + 1 : end;
            if (complete) {
                return;
            }
        }
    }

    private void append(int count) {
        total += count;
        if (total > max) {
            return;
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + count));
        }
        System.arraycopy(chunk, from, line, length, count);
        length += count;
    }

    private boolean blank() {
        if (tooLong()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
