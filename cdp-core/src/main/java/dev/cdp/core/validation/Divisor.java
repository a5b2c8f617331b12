package dev.cdp.core.validation;

import java.math.BigDecimal;
import java.util.Optional;

/** What a number has to be a multiple of, as {@code units / 10^scale}. */
final class Divisor {

    static final Divisor NONE = new Divisor(1, 0);

    private static final int MAX_DIGITS = 9;
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final long units;
    private final int scale;

    private Divisor(long units, int scale) {
        this.units = units;
        this.scale = scale;
    }

    /** The divisor for a positive number of few digits, else empty. */
    static Optional<Divisor> of(BigDecimal divisor) {
        BigDecimal plain = divisor.stripTrailingZeros();
        if (plain.scale() < 0 && plain.precision() - plain.scale() <= MAX_DIGITS) {
            plain = plain.setScale(0);
        }
        if (plain.signum() <= 0 || plain.precision() > MAX_DIGITS || plain.scale() < 0 || plain.scale() > MAX_DIGITS) {
            return Optional.empty();
        }
        return Optional.of(new Divisor(plain.unscaledValue().longValueExact(), plain.scale()));
    }

    /** Whether {@code value / 10^scale}, of few digits, is an integer. */
    static boolean isIntegral(long value, int scale) {
        return value % POWERS[scale] == 0;
    }

    /** Whether {@code value / 10^valueScale} is a multiple; unsure when that does not fit a long. */
    int test(long value, int valueScale) {
        long dividend = value;
        long by = units;
        if (valueScale < scale) {
            long factor = POWERS[scale - valueScale];
            if (Math.abs(value) > Long.MAX_VALUE / factor) {
                return Check.UNSURE;
            }
            dividend *= factor;
        } else {
            long factor = POWERS[valueScale - scale];
            if (by > Long.MAX_VALUE / factor) {
                return Check.UNSURE;
            }
            by *= factor;
        }
        return dividend % by == 0 ? TextCheck.VALID : Check.INVALID;
    }
}
