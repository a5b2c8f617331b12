package dev.cdp.core.validation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The tokens of JSON (RFC 8259) as UTF-8 bytes (RFC 3629), in a text that {@link Scan#load} has padded.
 *
 * <p>Eight bytes are looked at in one step where that pays; the borrow tricks are exact for the lowest byte that they
 * find, which is the only one used.
 */
final class Utf8Json {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private Utf8Json() {}

    /** The eight bytes from {@code i} on, the first one lowest. */
    static long word(byte[] b, int i) {
        return (long) WORD.get(b, i);
    }

    /** The position of the first byte at or after {@code p} that is not whitespace; most often {@code p} itself. */
    static int next(byte[] b, int p) {
        return b[p] > ' ' ? p : skipSpace(b, p);
    }

    private static int skipSpace(byte[] b, int p) {
        while (true) {
            byte c = b[p];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return p;
            }
            p++;
        }
    }

    /** The highest bit of the first byte of a word that is a quote, or 0. */
    static long firstQuote(long word) {
        long q = word ^ QUOTES;
        long found = (q - ONES) & ~q & HIGHS;
        return found & -found;
    }

    /** The position of the first byte at or after {@code p} that is a quote, a backslash, a control or not ASCII. */
    static int plainRun(byte[] b, int p) {
        while (true) {
            long found = unplain(word(b, p));
            if (found != 0) {
                return p + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            found = unplain(word(b, p + 8));
            if (found != 0) {
                return p + 8 + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            p += 16;
        }
    }

    private static long unplain(long word) {
        long q = word ^ QUOTES;
        long s = word ^ BACKSLASHES;
        return ((q - ONES) | (s - ONES) | (word - SPACES) | word) & HIGHS;
    }

    /**
     * Reads the string whose content starts at {@code p} into {@link Scan#text}, escapes undone.
     *
     * @return the position after the closing quote, or {@link Check#UNSURE} for anything that is not well-formed
     */
    static int readString(Scan scan, byte[] b, int p) {
        int from = p;
        int end = closingQuote(b, p);
        if (end < 0) {
            return Check.UNSURE;
        }
        byte[] text = scan.textOf(end - p);
        int to = 0;
        int codePoints = 0;
        while (p < end) {
            int c = b[p];
            if (c == '\\') {
                int cp = escape(b, p);
                if (cp < 0) {
                    return Check.UNSURE;
                }
                p += b[p + 1] != 'u' ? 2 : cp < 0x10000 ? 6 : 12;
                to = put(text, to, cp);
            } else if (c >= ' ') {
                text[to++] = (byte) c;
                p++;
            } else {
                int length = sequenceLength(b, p);
                if (length == 0) {
                    return Check.UNSURE;
                }
                for (int i = 0; i < length; i++) {
                    text[to++] = b[p++];
                }
            }
            codePoints++;
        }
        scan.textEnd = to;
        scan.escapes += to == end - from ? 0 : 1;
        scan.codePoints = codePoints;
        return end + 1;
    }

    /** The length of the well-formed sequence of two to four bytes at {@code p}, or 0 (table 3-7 of Unicode 15). */
    static int sequenceLength(byte[] b, int p) {
        int lead = b[p] & 0xFF;
        int second = b[p + 1];
        if (lead < 0xC2 || lead > 0xF4 || !continues(second)) {
            return 0;
        }
        if (lead < 0xE0) {
            return 2;
        }
        int bits = second & 0x3F;
        if (lead < 0xF0) {
            boolean overlong = lead == 0xE0 && bits < 0x20;
            boolean surrogate = lead == 0xED && bits >= 0x20;
            return overlong || surrogate || !continues(b[p + 2]) ? 0 : 3;
        }
        boolean overlong = lead == 0xF0 && bits < 0x10;
        boolean beyond = lead == 0xF4 && bits >= 0x10;
        return overlong || beyond || !continues(b[p + 2]) || !continues(b[p + 3]) ? 0 : 4;
    }

    private static boolean continues(int c) {
        return (c & 0xC0) == 0x80;
    }

    private static int closingQuote(byte[] b, int p) {
        while (true) {
            p = plainRun(b, p);
            byte c = b[p];
            if (c == '"') {
                return p;
            }
            if (c == '\\') {
                p += 2;
                if (b[p - 1] == 0) {
                    return Check.UNSURE;
                }
            } else if (c < 0) {
                p++;
            } else {
                return Check.UNSURE;
            }
        }
    }

    /** The code point of the escape at {@code p}, or a negative number: unknown letter, bad digit, lone surrogate. */
    private static int escape(byte[] b, int p) {
        return switch (b[p + 1]) {
            case '"', '\\', '/' -> b[p + 1];
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicodeEscape(b, p);
            default -> -1;
        };
    }

    private static int unicodeEscape(byte[] b, int p) {
        int unit = hex4(b, p + 2);
        if (unit < 0xD800 || unit > 0xDFFF) {
            return unit;
        }
        if (unit > 0xDBFF || b[p + 6] != '\\' || b[p + 7] != 'u') {
            return -1;
        }
        int low = hex4(b, p + 8);
        return low < 0xDC00 || low > 0xDFFF ? -1 : Character.toCodePoint((char) unit, (char) low);
    }

    private static int hex4(byte[] b, int p) {
        int value = 0;
        for (int i = p; i < p + 4; i++) {
            int digit = hex(b[i]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    private static int put(byte[] text, int to, int cp) {
        if (cp < 0x80) {
            text[to++] = (byte) cp;
            return to;
        }
        if (cp < 0x800) {
            text[to++] = (byte) (0xC0 | (cp >> 6));
        } else {
            if (cp < 0x10000) {
                text[to++] = (byte) (0xE0 | (cp >> 12));
            } else {
                text[to++] = (byte) (0xF0 | (cp >> 18));
                text[to++] = continuation(cp >> 12);
            }
            text[to++] = continuation(cp >> 6);
        }
        text[to++] = continuation(cp);
        return to;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
