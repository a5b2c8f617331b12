package dev.cdp.core.validation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** The numbers between two bounds, kept once for each scale so that a decimal is compared as one long. */
final class NumberRange {

    /** How many decimal digits come back unchanged from a double. */
    static final int EXACT_DIGITS = 15;

    static final NumberRange ALL = new NumberRange(null, null, null, null);

    private static final int SCALES = 19;
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final long[] least = new long[SCALES];
    private final long[] greatest = new long[SCALES];
    private final boolean exclusive;

    private NumberRange(
            @Nullable BigDecimal minimum,
            @Nullable BigDecimal above,
            @Nullable BigDecimal maximum,
            @Nullable BigDecimal below) {
        exclusive = above != null || below != null;
        for (int scale = 0; scale < SCALES; scale++) {
            long low = Long.MIN_VALUE;
            long high = Long.MAX_VALUE;
            if (minimum != null) {
                low = Math.max(low, clamp(scaled(minimum, scale, RoundingMode.CEILING)));
            }
            if (above != null) {
                low = Math.max(
                        low, clamp(scaled(above, scale, RoundingMode.FLOOR).add(BigInteger.ONE)));
            }
            if (maximum != null) {
                high = Math.min(high, clamp(scaled(maximum, scale, RoundingMode.FLOOR)));
            }
            if (below != null) {
                high = Math.min(
                        high, clamp(scaled(below, scale, RoundingMode.CEILING).subtract(BigInteger.ONE)));
            }
            least[scale] = low;
            greatest[scale] = high;
        }
    }

    /** The range between inclusive and exclusive bounds, each of them optional; empty if a bound has too many digits. */
    static Optional<NumberRange> of(
            @Nullable BigDecimal minimum,
            @Nullable BigDecimal above,
            @Nullable BigDecimal maximum,
            @Nullable BigDecimal below) {
        if (minimum == null && above == null && maximum == null && below == null) {
            return Optional.of(ALL);
        }
        if (isLong(minimum) || isLong(above) || isLong(maximum) || isLong(below)) {
            return Optional.empty();
        }
        return Optional.of(new NumberRange(minimum, above, maximum, below));
    }

    /** The least integer within. */
    long least() {
        return least[0];
    }

    /** The greatest integer within. */
    long greatest() {
        return greatest[0];
    }

    /** Whether {@code value / 10^scale}, written with so many digits, is within. */
    int test(long value, int digits, int scale) {
        boolean within = value >= least[scale] && value <= greatest[scale];
        if (digits <= EXACT_DIGITS) {
            return within ? TextCheck.VALID : Check.INVALID;
        }
        // Rounding to a double keeps the order, but may move a number onto a bound that it must not touch.
        return within && !exclusive ? TextCheck.VALID : Check.UNSURE;
    }

    private static boolean isLong(@Nullable BigDecimal bound) {
        if (bound == null) {
            return false;
        }
        BigDecimal plain = bound.stripTrailingZeros();
        return plain.precision() > EXACT_DIGITS || Math.abs(plain.scale()) > EXACT_DIGITS;
    }

    private static BigInteger scaled(BigDecimal bound, int scale, RoundingMode rounding) {
        return bound.movePointRight(scale).setScale(0, rounding).toBigIntegerExact();
    }

    private static long clamp(BigInteger value) {
        return value.max(MIN).min(MAX).longValueExact();
    }
}
