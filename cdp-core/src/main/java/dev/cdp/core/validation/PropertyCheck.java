package dev.cdp.core.validation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** A property that an object's schema names: how its key is recognised, and what its value has to be. */
final class PropertyCheck {

    /** What follows no property: no key is there. */
    static final PropertyCheck NONE = new PropertyCheck("", Long.SIZE, Check.Never.INSTANCE, PropertyCheck.NOWHERE);

    /** The {@link #place} of a property whose place nobody asks for. */
    static final int NOWHERE = -1;

    /** The {@link #place} of an object whose fields are columns. */
    static final int INNER = -2;

    /** The {@link #place} of a property that is no column, where all others are. */
    static final int STRAY = -3;

    /** The key as it is usually written, from its first quote to the colon, in words; no quote, if it is never there. */
    private final long first;

    private final long firstMask;
    private final long second;
    private final long secondMask;
    private final long[] more;
    private final long lastMask;

    /** Its bit among the keys seen, or 0 for a property beyond the sixty-fourth, which {@link #isAt} does not know. */
    final long bit;

    final Check value;

    /** What it says of a string, if it allows one: by far the most do, and a call that is not virtual is inlined. */
    final @Nullable StringCheck string;

    /** The column that its value is, or one of {@link #NOWHERE}, {@link #INNER}, {@link #STRAY}. */
    final int place;

    /** How many bytes its key takes as it is usually written, from its first quote to the colon. */
    final int length;

    /** The property that comes next in the schema's order, set by its table. */
    PropertyCheck following = this;

    PropertyCheck(String name, int index, Check value, int place) {
        this.value = value;
        this.place = place;
        this.string = string(value);
        this.bit = index < Long.SIZE ? 1L << index : 0;
        byte[] key = ("\"" + name + "\":").getBytes(StandardCharsets.UTF_8);
        this.length = key.length;
        byte[] padded = Arrays.copyOf(key, key.length + 3 * Long.BYTES);
        this.first = bit != 0 && isPlain(name) ? Utf8Json.word(padded, 0) : 0;
        this.firstMask = mask(length);
        this.second = Utf8Json.word(padded, 8);
        this.secondMask = mask(length - 8);
        int words = Math.max(0, (length - 16 + 7) / 8);
        this.more = new long[words];
        for (int i = 0; i < words; i++) {
            more[i] = Utf8Json.word(padded, 16 + 8 * i);
        }
        this.lastMask = words == 0 ? 0 : mask(length - 16 - 8 * (words - 1));
    }

    /** Whether this property's key, as it is usually written, begins with the quote at {@code p}. */
    boolean isAt(byte[] b, int p) {
        long difference =
                ((Utf8Json.word(b, p) ^ first) & firstMask) | ((Utf8Json.word(b, p + 8) ^ second) & secondMask);
        return difference == 0 && (length <= 16 || matchMore(b, p + 16));
    }

    private static @Nullable StringCheck string(Check value) {
        Check check = value instanceof SwitchCheck types ? types.string() : value;
        return check instanceof StringCheck string ? string : null;
    }

    private boolean matchMore(byte[] b, int p) {
        int last = more.length - 1;
        for (int i = 0; i < last; i++, p += 8) {
            if (Utf8Json.word(b, p) != more[i]) {
                return false;
            }
        }
        return ((Utf8Json.word(b, p) ^ more[last]) & lastMask) == 0;
    }

    private static long mask(int bytes) {
        return bytes <= 0 ? 0 : bytes >= 8 ? -1 : Names.lowest(bytes);
    }

    private static boolean isPlain(String name) {
        return name.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '"' && c != '\\');
    }
}
