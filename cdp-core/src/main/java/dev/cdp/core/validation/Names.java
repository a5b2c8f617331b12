package dev.cdp.core.validation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A fixed set of texts that is looked up by UTF-8 bytes, eight at a time. Any thread may ask. */
final class Names {

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final byte[][] names;
    private final int[] lengths;
    private final int[] slots;

    Names(List<String> texts) {
        names = new byte[texts.size()][];
        lengths = new int[texts.size()];
        slots = new int[Integer.highestOneBit(Math.max(4, 4 * texts.size()))];
        for (int i = 0; i < names.length; i++) {
            names[i] = padded(texts.get(i));
            lengths[i] = names[i].length - Long.BYTES;
            int slot = slot(hash(names[i], 0, lengths[i]));
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = i + 1;
        }
    }

    /** The UTF-8 of a text and eight bytes more; a text with a lone surrogate has none, and is malformed. */
    static byte[] padded(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (!new String(utf8, StandardCharsets.UTF_8).equals(text)) {
            throw new SchemaCompiler.MalformedKeyword();
        }
        return Arrays.copyOf(utf8, utf8.length + Long.BYTES);
    }

    /** A hash of the bytes from {@code from} to {@code to}, behind which eight more can be read. */
    static long hash(byte[] b, int from, int to) {
        long hash = (long) to - from;
        int p = from;
        for (; p <= to - Long.BYTES; p += Long.BYTES) {
            hash = mix(hash ^ Utf8Json.word(b, p));
        }
        return p < to ? mix(hash ^ (Utf8Json.word(b, p) & lowest(to - p))) : hash;
    }

    /** A mask of the lowest one to seven bytes of a word. */
    static long lowest(int bytes) {
        return (1L << (8 * bytes)) - 1;
    }

    /** The index of the text that the bytes spell, whose {@link #hash} is given, or -1. */
    int find(byte[] b, int from, int to, long hash) {
        int slot = slot(hash);
        while (true) {
            int i = slots[slot] - 1;
            if (i < 0 || (lengths[i] == to - from && spells(names[i], b, from, to))) {
                return i;
            }
            slot = slot + 1 & slots.length - 1;
        }
    }

    private static boolean spells(byte[] name, byte[] b, int from, int to) {
        int p = from;
        for (; p <= to - Long.BYTES; p += Long.BYTES) {
            if (Utf8Json.word(b, p) != Utf8Json.word(name, p - from)) {
                return false;
            }
        }
        return p == to || ((Utf8Json.word(b, p) ^ Utf8Json.word(name, p - from)) & lowest(to - p)) == 0;
    }

    private int slot(long hash) {
        return (int) (hash >>> 32) & slots.length - 1;
    }

    private static long mix(long x) {
        long product = x * MIX;
        return product ^ product >>> 29;
    }
}
