package dev.cdp.core.validation;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** The check of an array: its items by position, their number, what it contains, and that they differ. */
final class ArrayCheck extends Check {

    private final Check[] prefix;
    private final Check rest;
    private final int minItems;
    private final int maxItems;
    private final @Nullable Contains contains;
    private final Items items;

    /** A check of arrays whose first items pass {@code prefix}, one by one, and the others {@code rest}. */
    ArrayCheck(List<Check> prefix, Check rest, int minItems, int maxItems, @Nullable Contains contains, Items items) {
        this.prefix = prefix.toArray(Check[]::new);
        this.rest = rest;
        this.minItems = minItems;
        this.maxItems = maxItems;
        this.contains = contains;
        this.items = items;
    }

    /** Whether two items may be the same. */
    enum Items {
        ANY,
        UNIQUE
    }

    /** That at least {@code min} and at most {@code max} items pass a check. */
    record Contains(Check item, int min, int max) {}

    @Override
    int scan(Scan scan, byte[] b, int p) {
        if (b[p] != '[') {
            return INVALID;
        }
        if (++scan.depth > Scan.MAX_DEPTH) {
            return UNSURE;
        }
        int base = scan.marks;
        int count = 0;
        int contained = 0;
        int perhaps = 0;
        p = Utf8Json.next(b, p + 1);
        if (b[p] != ']') {
            while (true) {
                int start = p;
                Check item = count < prefix.length ? prefix[count] : rest;
                p = item.scan(scan, b, p);
                if (p < 0) {
                    return p;
                }
                count++;
                if (items == Items.UNIQUE && !(isPlain(b, start, p) && scan.mark(base, Names.hash(b, start, p)))) {
                    return UNSURE;
                }
                if (contains != null) {
                    scan.span = p - start;
                    int verdict = InPlaceCheck.judge(scan, b, start, contains.item);
                    contained += verdict >= 0 ? 1 : 0;
                    perhaps += verdict == UNSURE ? 1 : 0;
                }
                p = Utf8Json.next(b, p);
                if (b[p] == ',') {
                    p = Utf8Json.next(b, p + 1);
                } else if (b[p] == ']') {
                    break;
                } else {
                    return UNSURE;
                }
            }
        }
        if (count < minItems || count > maxItems) {
            return INVALID;
        }
        if (contains != null && (contained < contains.min || contained + perhaps > contains.max)) {
            return contained + perhaps < contains.min || contained > contains.max ? INVALID : UNSURE;
        }
        scan.marks = base;
        scan.depth--;
        return p + 1;
    }

    /** Whether equal values could only be spelled with the same bytes: strings without escapes, integers, literals. */
    private static boolean isPlain(byte[] b, int from, int to) {
        byte first = b[from];
        if (first == '{' || first == '[') {
            return false;
        }
        for (int i = from; i < to; i++) {
            byte c = b[i];
            boolean fraction = first != '"' && (c == '.' || c == 'e' || c == 'E') && first != 't' && first != 'f';
            if (c == '\\' || fraction) {
                return false;
            }
        }
        return !(first == '-' && b[from + 1] == '0');
    }
}
