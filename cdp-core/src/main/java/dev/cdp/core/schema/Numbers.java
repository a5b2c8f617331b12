package dev.cdp.core.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.BinaryOperator;

import org.jspecify.annotations.Nullable;

/** What is known of a number: an end of its range. */
record Numbers(BigDecimal value, boolean inclusive) {

    private static final int MAX_DIGITS = 1_000;

    /** The lower end, or null if there is none. */
    static @Nullable Numbers lower(Known known) {
        return end(known, "minimum", "exclusiveMinimum", BigDecimal::max, RoundingMode.CEILING);
    }

    /** The upper end, or null if there is none. */
    static @Nullable Numbers upper(Known known) {
        return end(known, "maximum", "exclusiveMaximum", BigDecimal::min, RoundingMode.FLOOR);
    }

    private static @Nullable Numbers end(
            Known known, String within, String beyond, BinaryOperator<BigDecimal> tighter, RoundingMode inwards) {
        BigDecimal closed = known.bound(within, a -> b -> tighter.apply(a, b));
        BigDecimal open = known.bound(beyond, a -> b -> tighter.apply(a, b));
        if (closed == null && open == null) {
            return null;
        }
        boolean inclusive = open == null
                || (closed != null
                        && closed.compareTo(open) != 0
                        && tighter.apply(closed, open).compareTo(closed) == 0);
        BigDecimal value = inclusive ? closed : open;
        if (value == null || known.kinds().contains(JsonKind.FRACTION) || !small(value)) {
            return value == null ? null : new Numbers(value, inclusive);
        }
        BigDecimal whole = value.setScale(0, inwards);
        if (!inclusive && whole.compareTo(value) == 0) {
            whole = whole.add(inwards == RoundingMode.CEILING ? BigDecimal.ONE : BigDecimal.ONE.negate());
        }
        return new Numbers(whole, true);
    }

    /** Whether no number within this lower end is below {@code limit}, or equal to it where that is not allowed. */
    boolean atLeast(BigDecimal limit, boolean limitAllowed) {
        int order = value.compareTo(limit);
        return order > 0 || (order == 0 && (limitAllowed || !inclusive));
    }

    /** Whether no number within this upper end is above {@code limit}, or equal to it where that is not allowed. */
    boolean atMost(BigDecimal limit, boolean limitAllowed) {
        int order = value.compareTo(limit);
        return order < 0 || (order == 0 && (limitAllowed || !inclusive));
    }

    /** Whether it is surely a whole number of steps. */
    static boolean multiple(BigDecimal value, BigDecimal step) {
        return small(value)
                && small(step)
                && step.signum() > 0
                && value.remainder(step).signum() == 0;
    }

    private static boolean small(BigDecimal value) {
        return Math.abs((long) value.scale()) + value.precision() < MAX_DIGITS;
    }
}
