package dev.cdp.clickhouse;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.UUID;

/**
 * A growing run of bytes in ClickHouse's {@code RowBinary}: fixed-width numbers are little-endian, a string is its length
 * as LEB128 and then its bytes. One thread at a time.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/formats/RowBinary">RowBinary</a>
 */
final class RowBuffer {

    private static final int MAX_SIZE = Integer.MAX_VALUE - 16;

    private byte[] bytes;
    private int size;

    RowBuffer(int capacity) {
        this.bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** What has been written is {@code bytes[0, size)}; the array is another one after the next write. */
    byte[] bytes() {
        return bytes;
    }

    /** Forgets what was written from {@code length} on. */
    void truncate(int length) {
        size = length;
    }

    void int8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void int16(int value) {
        reserve(2);
        bytes[size++] = (byte) value;
        bytes[size++] = (byte) (value >>> 8);
    }

    void int32(int value) {
        reserve(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void int64(long value) {
        reserve(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** A two's complement of {@code width} bytes, the least significant first. */
    void integer(BigInteger value, int width) {
        reserve(width);
        byte[] big = value.toByteArray();
        for (int i = 0; i < width; i++) {
            bytes[size++] = i < big.length ? big[big.length - 1 - i] : (byte) (value.signum() >> 31);
        }
    }

    /** Two UInt64, the most significant first, each little-endian. */
    void uuid(UUID value) {
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    /** LEB128, seven bits a byte, the least significant first. */
    void varUInt(int value) {
        reserve(5);
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void raw(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
    }

    void string(byte[] source, int from, int to) {
        varUInt(to - from);
        raw(source, from, to);
    }

    void string(String text) throws UnfitValueException {
        char[] chars = text.toCharArray();
        string(chars, 0, chars.length);
    }

    /** Writes UTF-16 as UTF-8. */
    void string(char[] chars, int offset, int length) throws UnfitValueException {
        varUInt(utf8Length(chars, offset, length));
        reserve(3 * length);
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            char c = chars[i];
            if (c < 0x80) {
                bytes[size++] = (byte) c;
            } else if (c < 0x800) {
                bytes[size++] = (byte) (0xC0 | (c >> 6));
                bytes[size++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isSurrogate(c)) {
                int point = Character.toCodePoint(c, chars[++i]);
                bytes[size++] = (byte) (0xF0 | (point >> 18));
                bytes[size++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                bytes[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                bytes[size++] = (byte) (0x80 | (point & 0x3F));
            } else {
                bytes[size++] = (byte) (0xE0 | (c >> 12));
                bytes[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                bytes[size++] = (byte) (0x80 | (c & 0x3F));
            }
        }
    }

    /** Puts a count in front of what was written from {@code from} on. */
    void countAt(int from, int count) {
        int length = size - from;
        varUInt(count);
        int width = size - from - length;
        byte[] prefix = Arrays.copyOfRange(bytes, size - width, size);
        System.arraycopy(bytes, from, bytes, from + width, length);
        System.arraycopy(prefix, 0, bytes, from, width);
    }

    private static int utf8Length(char[] chars, int offset, int length) throws UnfitValueException {
        int total = 0;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            char c = chars[i];
            if (c < 0x80) {
                total++;
            } else if (c < 0x800) {
                total += 2;
            } else if (!Character.isSurrogate(c)) {
                total += 3;
            } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(chars[i + 1])) {
                total += 4;
                i++;
            } else {
                throw new UnfitValueException("expected text, found half of a surrogate pair");
            }
        }
        return total;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            long wanted = Math.max(2L * bytes.length, (long) size + more);
            if ((long) size + more > MAX_SIZE) {
                throw new OutOfMemoryError("the rows of one table in one batch exceed 2 GiB; make the batches smaller");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, MAX_SIZE));
        }
    }
}
