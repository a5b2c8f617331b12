package dev.cdp.core.validation;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The check of a number: its range, its divisor, and the integers that it may be.
 *
 * <p>A number is read once, as {@code digits / 10^scale}. Fifteen digits survive the way through a double, so up to
 * there the comparison is exact whichever way the oracle reads numbers; up to eighteen digits are accepted where
 * rounding cannot change the answer. An exponent, a negative zero, and a fraction where an integer is asked for are
 * unsure as soon as something depends on them; numbers beyond a long always are, since the oracle throws where some
 * other part of the schema compares them.
 */
final class NumberCheck extends Check {

    static final Check ANY = new NumberCheck(Kind.NUMBER, NumberRange.ALL, Divisor.NONE, null);

    /** Whether fractions are allowed. */
    enum Kind {
        INTEGER,
        NUMBER
    }

    private static final int MAX_DIGITS = 18;
    private static final int MAX_LENGTH = 100;

    private final boolean integer;
    private final boolean bounded;
    private final long least;
    private final long greatest;
    private final NumberRange range;
    private final Divisor divisor;
    private final long[] among;
    private final boolean enumerated;

    /** A check for one of {@code among}, sorted, if that is given. */
    NumberCheck(Kind kind, NumberRange range, Divisor divisor, long @Nullable [] among) {
        this.integer = kind == Kind.INTEGER;
        this.range = range;
        this.least = range.least();
        this.greatest = range.greatest();
        this.divisor = divisor;
        this.enumerated = among != null;
        this.among = among == null ? new long[0] : among;
        this.bounded = range != NumberRange.ALL || divisor != Divisor.NONE || among != null;
    }

    @Override
    int scan(Scan scan, byte[] b, int p) {
        int q = b[p] == '-' ? p + 1 : p;
        int first = q;
        int digit = b[q] - '0';
        if (digit < 0 || digit > 9) {
            return q == p ? INVALID : UNSURE;
        }
        long value = digit;
        q++;
        while ((digit = b[q] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            q++;
        }
        int c = b[q];
        if (c == '.' || (c | 0x20) == 'e') {
            return scanFraction(b, p, first, q, value);
        }
        int digits = q - first;
        if (b[first] == '0' && digits > 1) {
            return UNSURE;
        }
        if (digits > MAX_DIGITS || (bounded && b[first] == '0' && first != p)) {
            return UNSURE;
        }
        if (!bounded) {
            return q;
        }
        return verdict(first == p ? value : -value, q);
    }

    private int verdict(long value, int end) {
        if (value < least || value > greatest) {
            return INVALID;
        }
        if (enumerated && Arrays.binarySearch(among, value) < 0) {
            return INVALID;
        }
        if (divisor != Divisor.NONE) {
            int verdict = divisor.test(value, 0);
            return verdict == TextCheck.VALID ? end : verdict;
        }
        return end;
    }

    /** Goes on at the point or exponent at {@code q}; the integer part began at {@code first}. */
    private int scanFraction(byte[] b, int p, int first, int q, long whole) {
        if (b[first] == '0' && q - first > 1) {
            return UNSURE;
        }
        int wholeDigits = q - first;
        long value = whole;
        int scale = 0;
        if (b[q] == '.') {
            int point = q++;
            int digit;
            while ((digit = b[q] - '0') >= 0 && digit <= 9) {
                value = value * 10 + digit;
                q++;
            }
            scale = q - point - 1;
            if (scale == 0) {
                return UNSURE;
            }
        }
        boolean exponent = (b[q] | 0x20) == 'e';
        if (exponent) {
            int e = q;
            q = skipExponent(b, e);
            wholeDigits += q < 0 || b[e + 1] == '-' ? 0 : exponent(b, q);
        }
        if (q < 0 || q - p > MAX_LENGTH || wholeDigits > MAX_DIGITS) {
            return UNSURE;
        }
        int digits = q - first - 1;
        if (integer) {
            boolean fraction = !exponent && digits <= NumberRange.EXACT_DIGITS && !Divisor.isIntegral(value, scale);
            return fraction ? INVALID : UNSURE;
        }
        if (!bounded) {
            return q;
        }
        if (exponent || enumerated || digits > MAX_DIGITS) {
            return UNSURE;
        }
        if (value == 0 && first != p) {
            return UNSURE;
        }
        int verdict = range.test(first == p ? value : -value, digits, scale);
        if (verdict == TextCheck.VALID && divisor != Divisor.NONE) {
            verdict = digits > NumberRange.EXACT_DIGITS ? UNSURE : divisor.test(value, scale);
        }
        return verdict == TextCheck.VALID ? q : verdict;
    }

    /** The position after an exponent of at most two digits, else a negative number. */
    private static int skipExponent(byte[] b, int p) {
        int q = p + 1;
        if (b[q] == '+' || b[q] == '-') {
            q++;
        }
        int digits = q;
        while (b[q] >= '0' && b[q] <= '9') {
            q++;
        }
        return q - digits < 1 || q - digits > 2 ? UNSURE : q;
    }

    /** The exponent of one or two digits that ends before {@code end}. */
    private static int exponent(byte[] b, int end) {
        int tens = b[end - 2] - '0';
        return (tens >= 0 && tens <= 9 ? 10 * tens : 0) + b[end - 1] - '0';
    }
}
