package dev.cdp.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Looks for a few fields in the bytes of a JSON object and stops at the last of them, without a parser's tokens. It gives
 * up on whatever is not plain: escapes, text beyond ASCII and numbers that are no integers among the fields, and what
 * is no JSON as far as it looks. One use.
 */
final class FieldScan {

    private static final int UNSURE = -1;

    private final byte[] b;
    private final @Nullable String[] found;
    private int missing;

    FieldScan(byte[] json, @Nullable String[] found, int wanted) {
        this.b = json;
        this.found = found;
        this.missing = wanted;
    }

    /** Whether what it found is all that there is. */
    boolean scan(Fields root) {
        int start = blank(0);
        return at(start) == '{' && object(start + 1, root) != UNSURE;
    }

    /** The place after an object, or anywhere once nothing is missing. */
    private int object(int from, Fields fields) {
        int i = blank(from);
        if (at(i) == '}') {
            return i + 1;
        }
        while (at(i) == '"') {
            int nameEnd = plainEnd(i + 1);
            if (nameEnd == UNSURE) {
                return UNSURE;
            }
            Fields child = fields.child(b, i + 1, nameEnd);
            i = blank(nameEnd + 1);
            if (at(i) != ':') {
                return UNSURE;
            }
            i = blank(i + 1);
            i = child == null ? skip(i) : value(i, child);
            if (i == UNSURE || missing == 0) {
                return i;
            }
            i = blank(i);
            if (at(i) == '}') {
                return i + 1;
            }
            if (at(i) != ',') {
                return UNSURE;
            }
            i = blank(i + 1);
        }
        return UNSURE;
    }

    private int value(int from, Fields field) {
        int end;
        switch (at(from)) {
            case '{' -> {
                return object(from + 1, field);
            }
            case '"' -> {
                end = plainEnd(from + 1);
                take(field, from + 1, end);
                return end == UNSURE ? UNSURE : end + 1;
            }
            case '[', 'n' -> {
                return skip(from);
            }
            default -> {
                end = integerEnd(from);
                take(field, from, end);
                return end;
            }
        }
    }

    private void take(Fields field, int from, int to) {
        if (to != UNSURE) {
            for (int slot : field.slots()) {
                if (found[slot] == null) {
                    found[slot] = new String(b, from, to - from, StandardCharsets.US_ASCII);
                    missing--;
                }
            }
        }
    }

    /** The closing quote of a string of plain ASCII. */
    private int plainEnd(int from) {
        int i = from;
        while (at(i) >= ' ' && b[i] != '"' && b[i] != '\\') {
            i++;
        }
        return at(i) == '"' ? i : UNSURE;
    }

    private int integerEnd(int from) {
        int i = at(from) == '-' ? from + 1 : from;
        int first = at(i);
        int digits = i;
        while (at(i) >= '0' && b[i] <= '9') {
            i++;
        }
        boolean whole = i > digits && (first != '0' || i == digits + 1);
        boolean over = at(i) == ',' || at(i) == '}' || blank(i) > i;
        return whole && over ? i : UNSURE;
    }

    /** The place after a value of any kind, of which only the brackets and quotes are looked at. */
    private int skip(int from) {
        int depth = 0;
        int i = from;
        do {
            switch (at(i)) {
                case '"' -> {
                    i = stringEnd(i + 1);
                    if (i == UNSURE) {
                        return UNSURE;
                    }
                }
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth < 0) {
                        return UNSURE;
                    }
                }
                case 0 -> {
                    return UNSURE;
                }
                default -> {
                    if (depth == 0) {
                        return scalarEnd(i);
                    }
                }
            }
            i++;
        } while (depth > 0);
        return i;
    }

    private int stringEnd(int from) {
        for (int i = from; i < b.length; i++) {
            if (b[i] == '"') {
                return i;
            }
            if (b[i] == '\\') {
                i++;
            }
        }
        return UNSURE;
    }

    private int scalarEnd(int from) {
        int i = from;
        while (at(i) > ' ' && b[i] != ',' && b[i] != '}') {
            i++;
        }
        return i == from ? UNSURE : i;
    }

    private int blank(int from) {
        int i = from;
        while (at(i) == ' ' || at(i) == '\n' || at(i) == '\t' || at(i) == '\r') {
            i++;
        }
        return i;
    }

    private byte at(int i) {
        return i < b.length ? b[i] : 0;
    }

    /** The fields to look for at one level, by the bytes of their names. */
    static final class Fields {

        private byte[][] names = {};
        private Fields[] children = {};
        private int[] slots = {};

        int[] slots() {
            return slots;
        }

        void addSlot(int slot) {
            slots = Arrays.copyOf(slots, slots.length + 1);
            slots[slots.length - 1] = slot;
        }

        /** The child of that name, made where there is none. */
        Fields childOf(String name) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            Fields known = child(bytes, 0, bytes.length);
            if (known != null) {
                return known;
            }
            Fields made = new Fields();
            names = Arrays.copyOf(names, names.length + 1);
            names[names.length - 1] = bytes;
            children = Arrays.copyOf(children, children.length + 1);
            children[children.length - 1] = made;
            return made;
        }

        @Nullable
        Fields child(byte[] json, int from, int to) {
            for (int i = 0; i < names.length; i++) {
                if (Arrays.equals(names[i], 0, names[i].length, json, from, to)) {
                    return children[i];
                }
            }
            return null;
        }

        @Nullable
        Fields child(String name) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            return child(bytes, 0, bytes.length);
        }
    }
}
