package dev.cdp.producer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What can be read of a segment's bytes. Immutable. */
final class SpoolScan {

    private final byte[] marker;
    private final List<Frame> frames;
    private final long end;
    private final long damagedBytes;
    private final long tornBytes;

    private SpoolScan(byte[] marker, List<Frame> frames, long end, long damagedBytes, long tornBytes) {
        this.marker = marker;
        this.frames = List.copyOf(frames);
        this.end = end;
        this.damagedBytes = damagedBytes;
        this.tornBytes = tornBytes;
    }

    /** What stands in front of each frame. */
    byte[] marker() {
        return marker.clone();
    }

    /** The frames that are whole, in their order. */
    List<Frame> frames() {
        return frames;
    }

    /** Where the last whole frame ends; what follows is cut off. */
    long end() {
        return end;
    }

    /** How many bytes were passed over, in gaps and at the end. */
    long damagedBytes() {
        return damagedBytes;
    }

    /** How many bytes a last frame has whose writing did not end. */
    long tornBytes() {
        return tornBytes;
    }

    boolean damaged() {
        return damagedBytes > 0;
    }

    /** Where a frame begins, behind its marker, and its length. */
    record Frame(long at, int length) {}

    /** Reads a file; the marker stands in its head and in front of each frame, so one of the first two is sound. */
    static SpoolScan of(byte[] file, byte[] magic, int markerLength) {
        int head = magic.length + markerLength;
        if (file.length < head) {
            boolean begun = Arrays.equals(
                    file, 0, Math.min(file.length, magic.length), magic, 0, Math.min(file.length, magic.length));
            return new SpoolScan(
                    new byte[markerLength], List.of(), 0, begun ? 0 : file.length, begun ? file.length : 0);
        }
        boolean sound = Arrays.equals(file, 0, magic.length, magic, 0, magic.length);
        SpoolScan found = scan(file, head, Arrays.copyOfRange(file, magic.length, head), sound);
        boolean another = found.frames.isEmpty() && file.length >= head + markerLength;
        return another
                ? better(found, scan(file, head, Arrays.copyOfRange(file, head, head + markerLength), false))
                : found;
    }

    private static SpoolScan better(SpoolScan one, SpoolScan other) {
        return other.frames.isEmpty() ? one : other;
    }

    private static SpoolScan scan(byte[] file, int head, byte[] marker, boolean soundHead) {
        List<Frame> frames = new ArrayList<>();
        long damaged = soundHead ? 0 : head;
        int end = head;
        int at = head;
        while (at < file.length) {
            int length = starts(file, at, marker) ? SpoolFrame.length(file, at + marker.length) : -1;
            if (length > 0) {
                damaged += at - end;
                frames.add(new Frame(at + marker.length, length));
                at += marker.length + length;
                end = at;
            } else {
                at = next(file, at + 1, marker);
            }
        }
        long rest = (long) file.length - end;
        boolean torn = rest > 0 && tornAt(file, end, marker);
        return new SpoolScan(marker, frames, end, damaged + (torn ? 0 : rest), torn ? rest : 0);
    }

    /** Whether a frame begins there whose writing did not end: a process that dies leaves no other. */
    private static boolean tornAt(byte[] file, int at, byte[] marker) {
        int there = Math.min(marker.length, file.length - at);
        return Arrays.equals(file, at, at + there, marker, 0, there) && SpoolFrame.exceeds(file, at + marker.length);
    }

    private static int next(byte[] file, int from, byte[] marker) {
        for (int at = from; at + marker.length <= file.length; at++) {
            if (starts(file, at, marker)) {
                return at;
            }
        }
        return file.length;
    }

    private static boolean starts(byte[] file, int at, byte[] marker) {
        return at + marker.length <= file.length
                && Arrays.equals(file, at, at + marker.length, marker, 0, marker.length);
    }
}
