package dev.cdp.clickhouse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;

/**
 * A growing run of bytes in ClickHouse's {@code RowBinary}: fixed-width numbers are little-endian, a string is its length
 * as LEB128 and then its bytes. One thread at a time.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/formats/RowBinary">RowBinary</a>
 */
final class RowBuffer {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
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

    /** What has been written, as it stands; the next write may change it. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** Forgets what was written from {@code length} on. */
    void truncate(int length) {
        size = length;
    }

    /** Writes one byte; always true. */
    boolean int8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return true;
    }

    /** Writes so many zero bytes; always true. */
    boolean zeros(int count) {
        reserve(count);
        Arrays.fill(bytes, size, size + count, (byte) 0);
        size += count;
        return true;
    }

    /** Has what was written so often, and not once. */
    void repeat(int times) {
        int once = size;
        reserve(once * (times - 1));
        int all = once * times;
        for (int done = once; done < all; done *= 2) {
            System.arraycopy(bytes, 0, bytes, done, Math.min(done, all - done));
        }
        size = all;
    }

    void int16(int value) {
        reserve(2);
        bytes[size++] = (byte) value;
        bytes[size++] = (byte) (value >>> 8);
    }

    void int32(int value) {
        reserve(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    void int64(long value) {
        reserve(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    /** A two's complement of {@code width} bytes, the least significant first. */
    void integer(BigInteger value, int width) {
        reserve(width);
        byte[] big = value.toByteArray();
        for (int i = 0; i < width; i++) {
            bytes[size++] = i < big.length ? big[big.length - 1 - i] : (byte) (value.signum() >> 31);
        }
    }

    /** A two's complement of {@code width} bytes, 4 or more, the least significant first. */
    void integer(long value, int width) {
        if (width == 4) {
            int32((int) value);
            return;
        }
        int64(value);
        for (int written = 8; written < width; written += 8) {
            int64(value >> 63);
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
        if (value < 0x80 && value >= 0) {
            bytes[size++] = (byte) value;
            return;
        }
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
        int length = to - from;
        reserve(length + 5);
        if (length >= 0x80) {
            varUInt(length);
        } else {
            bytes[size++] = (byte) length;
        }
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    void string(String text) throws UnfitValueException {
        int length = text.length();
        int start = size;
        varUInt(length);
        reserve(length);
        byte[] to = bytes;
        int at = size;
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            to[at + i] = (byte) c;
            all |= c;
        }
        if (all < 0x80) {
            size = at + length;
            return;
        }
        size = start;
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
            } else {
                codePoint(Character.isSurrogate(c) ? Character.toCodePoint(c, chars[++i]) : c);
            }
        }
    }

    /** Writes the content of a well-formed JSON string with its escapes undone, as UTF-8. */
    void unescaped(byte[] json, int from, int to) {
        int start = size;
        varUInt(to - from);
        int content = size;
        reserve(to - from);
        int p = from;
        while (p < to) {
            if (json[p] != '\\') {
                bytes[size++] = json[p++];
            } else if (json[p + 1] == 'u') {
                int unit = hex4(json, p + 2);
                boolean pair = Character.isHighSurrogate((char) unit);
                codePoint(pair ? Character.toCodePoint((char) unit, (char) hex4(json, p + 8)) : unit);
                p += pair ? 12 : 6;
            } else {
                bytes[size++] = escape(json[p + 1]);
                p += 2;
            }
        }
        int length = size - content;
        size = start;
        varUInt(length);
        System.arraycopy(bytes, content, bytes, size, length);
        size += length;
    }

    private static byte escape(byte letter) {
        return (byte)
                switch (letter) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> letter;
                };
    }

    private static int hex4(byte[] json, int from) {
        int value = 0;
        for (int p = from; p < from + 4; p++) {
            value = value << 4 | Character.digit(json[p], 16);
        }
        return value;
    }

    /** Into room that is reserved. */
    private void codePoint(int point) {
        if (point < 0x80) {
            bytes[size++] = (byte) point;
        } else if (point < 0x800) {
            bytes[size++] = (byte) (0xC0 | (point >> 6));
            bytes[size++] = (byte) (0x80 | (point & 0x3F));
        } else if (point < 0x10000) {
            bytes[size++] = (byte) (0xE0 | (point >> 12));
            bytes[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
            bytes[size++] = (byte) (0x80 | (point & 0x3F));
        } else {
            bytes[size++] = (byte) (0xF0 | (point >> 18));
            bytes[size++] = (byte) (0x80 | ((point >> 12) & 0x3F));
            bytes[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
            bytes[size++] = (byte) (0x80 | (point & 0x3F));
        }
    }

    /** Puts a count in front of what was written from {@code from} on. */
    void countAt(int from, int count) {
        int length = size - from;
        int width = 1;
        for (int rest = count >>> 7; rest != 0; rest >>>= 7) {
            width++;
        }
        reserve(width);
        System.arraycopy(bytes, from, bytes, from + width, length);
        size = from;
        varUInt(count);
        size += length;
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
