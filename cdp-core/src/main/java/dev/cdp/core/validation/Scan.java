package dev.cdp.core.validation;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The state of one scan over one text, reused by its thread.
 *
 * <p>The text is copied in front of zero bytes. A zero byte is not allowed anywhere in JSON, so no loop over the text
 * needs to compare its position with the end, and eight bytes may be read at any position of the text.
 */
final class Scan {

    /** The longest text that is scanned; a longer one is the oracle's. */
    static final int MAX_LENGTH = 1 << 20;

    /** How deep values and in-place applicators may nest together: no deeper than the oracle's parser lets values. */
    static final int MAX_DEPTH = StrictJson.MAX_DEPTH;

    static final int[] NO_PLACES = {};

    private static final int PADDING = 32;
    private static final int MAX_MARKS = 2048;
    private static final int MAX_MARKS_OF_ONE = 256;
    private static final int PASSES = 64;

    /** How many containers and in-place applicators are open. */
    int depth;

    /** How many hashes of names or items are on {@link #mark}'s stack. */
    int marks;

    /** The length of the value that an in-place applicator is about to scan again. */
    int span;

    /** The unescaped content of the last string that was not plain ASCII, padded as the text is. */
    byte[] text = new byte[512];

    /** Where the content in {@link #text} ends. */
    int textEnd;

    /** How many code points the content in {@link #text} has. */
    int codePoints;

    /** The text that holds the key last looked up. */
    byte[] key = text;

    int keyFrom;
    int keyTo;
    long keyHash;

    /** The position after the closing quote of the key last looked up. */
    int keyEnd;

    /** The property that the key last looked up names, if the schema names it. */
    @Nullable
    PropertyCheck found;

    /** How many strings with an escape have been read. */
    int escapes;

    /** Where the values of columns stand, for whoever asked; as {@link dev.cdp.core.schema.FieldPlaces#bounds()}. */
    int[] places = NO_PLACES;

    /** Whether there was a value that {@link #places} does not tell of. */
    boolean strays;

    private byte[] buffer = new byte[8192];
    private final long[] hashes = new long[MAX_MARKS];
    private long budget;

    /** Takes a text of at most {@link #MAX_LENGTH} bytes and returns it padded. */
    byte[] load(byte[] json, int from, int length) {
        byte[] b = buffer;
        if (b.length < length + PADDING) {
            b = new byte[Math.max(2 * b.length, length + PADDING)];
            buffer = b;
        }
        System.arraycopy(json, from, b, 0, length);
        Arrays.fill(b, length, length + PADDING, (byte) 0);
        depth = 0;
        marks = 0;
        strays = false;
        budget = (long) PASSES * (length + 1024);
        return b;
    }

    /** Makes room in {@link #text} for a content of at most so many bytes. */
    byte[] textOf(int length) {
        if (text.length < length + PADDING) {
            text = new byte[Math.max(2 * text.length, length + PADDING)];
        }
        return text;
    }

    /**
     * Reads the key whose content starts at {@code p} into {@link #key} and the fields beside it.
     *
     * @return false if it is not well-formed
     */
    boolean readKey(byte[] b, int p) {
        int quote = Utf8Json.plainRun(b, p);
        if (b[quote] == '"') {
            key = b;
            keyFrom = p;
            keyTo = quote;
            keyEnd = quote + 1;
        } else {
            keyEnd = Utf8Json.readString(this, b, p);
            if (keyEnd < 0) {
                return false;
            }
            key = text;
            keyFrom = 0;
            keyTo = textEnd;
        }
        keyHash = Names.hash(key, keyFrom, keyTo);
        return true;
    }

    /** Pays for another look at {@code bytes} bytes; false when this text has been looked at too often. */
    boolean spend(int bytes) {
        budget -= bytes + 16L;
        return budget >= 0;
    }

    /**
     * Remembers the hash of a name or item of the container whose marks begin at {@code base}.
     *
     * @return false if the container may hold the same twice, or too many to tell
     */
    boolean mark(int base, long hash) {
        int top = marks;
        if (top == MAX_MARKS || top - base >= MAX_MARKS_OF_ONE) {
            return false;
        }
        for (int i = base; i < top; i++) {
            if (hashes[i] == hash) {
                return false;
            }
        }
        hashes[top] = hash;
        marks = top + 1;
        return true;
    }
}
