package dev.cdp.clickhouse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decimal digits eight at a time, in a word whose lowest byte is the first. */
final class AsciiDigits {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long ZEROS = ONES * '0';
    private static final long TEN_BELOW_HIGHS = ONES * 0x76;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long UPPER_HALVES = 0xF0F0_F0F0_F0F0_F0F0L;

    private AsciiDigits() {}

    /** The eight bytes from {@code p} on. */
    static long word(byte[] json, int p) {
        return (long) WORD.get(json, p);
    }

    /** The eight characters of a text as a word. */
    static long word(String text) {
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            word |= (long) text.charAt(i) << (8 * i);
        }
        return word;
    }

    /** The number that one to eight digits write, or a negative one if there is anything else; eight bytes can be read. */
    static long upToEight(byte[] json, int p, int count) {
        long digits = (word(json, p) ^ ZEROS) << (Long.SIZE - 8 * count);
        if (!areDigits(digits)) {
            return -1;
        }
        long pairs = pairs(digits);
        long even = pairs & 0x0000_00FF_0000_00FFL;
        long odd = (pairs >>> 16) & 0x0000_00FF_0000_00FFL;
        return (even * (100 + (1_000_000L << 32)) + odd * (1 + (10_000L << 32))) >>> 32;
    }

    /** Whether each byte is 0 to 9. */
    static boolean areDigits(long bytes) {
        // One of 10 to 15 gets its highest bit; only larger ones, which show by themselves, carry into the next.
        return (((bytes + TEN_BELOW_HIGHS) & HIGHS) | (bytes & UPPER_HALVES)) == 0;
    }

    /** For each byte, in its place, the number of two digits that it and the next one make; both are 0 to 9. */
    static long pairs(long digits) {
        return digits * 10 + (digits >>> 8);
    }
}
