package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;

import dev.cdp.core.schema.ColumnType;

/** Numbers as they are usually written: at most 18 digits, without an exponent; else a library reads them. */
final class NumberSpans {

    private static final int MAX_DIGITS = 18;
    /** A double holds integers up to this one exactly, and a float up to the other. */
    private static final long EXACT_DOUBLE = 1L << 53;

    private static final long EXACT_FLOAT = 1L << 24;

    /** Powers of ten that a double holds exactly, the first eleven of which a float does too. */
    private static final double[] POWERS = powers();

    private static final long[] LONG_POWERS = longPowers();

    private NumberSpans() {}

    static SpanEncoder real(ColumnType.Real type) {
        return type.bits() == 32 ? NumberSpans::float32 : NumberSpans::float64;
    }

    /** Exact by one division of two numbers that are, up to 15 digits or so; the library's way beyond. */
    private static boolean float64(byte[] json, int from, int end, RowBuffer out) {
        if (json[from] != '-' && (json[from] < '0' || json[from] > '9')) {
            return false;
        }
        long digits = digits(json, from, end);
        int scale = scale(json, from, end);
        double value;
        if (digits >= 0 && scale == 0) {
            value = json[from] == '-' ? -digits : digits; // an integer: there is no -0
        } else if (digits >= 0 && scale < POWERS.length && digits <= EXACT_DOUBLE) {
            double size = digits / POWERS[scale];
            value = json[from] == '-' ? -size : size;
        } else {
            value = Double.parseDouble(new String(json, from, end - from, StandardCharsets.ISO_8859_1));
        }
        if (!Double.isFinite(value)) {
            return false;
        }
        out.int64(Double.doubleToRawLongBits(value));
        return true;
    }

    private static boolean float32(byte[] json, int from, int end, RowBuffer out) {
        long digits = digits(json, from, end);
        int scale = scale(json, from, end);
        if (digits < 0 || digits > EXACT_FLOAT || scale > 10) {
            return false;
        }
        float size = scale == 0 ? digits : digits / (float) POWERS[scale];
        boolean negative = json[from] == '-' && (scale > 0 || digits != 0);
        out.int32(Float.floatToRawIntBits(negative ? -size : size));
        return true;
    }

    /** A two's complement of 4, 8, 16 or 32 bytes, in units of 10^-scale. */
    static SpanEncoder decimal(ColumnType.Decimal type) {
        int width = type.precision() <= 9 ? 4 : type.precision() <= 18 ? 8 : type.precision() <= 38 ? 16 : 32;
        long beyond = LONG_POWERS[Math.min(type.precision(), MAX_DIGITS)];
        return (json, from, end, out) -> {
            long digits = digits(json, from, end);
            int shift = type.scale() - scale(json, from, end);
            if (digits < 0 || shift < 0 || shift > type.scale() || shift >= MAX_DIGITS) {
                return false;
            }
            if (digits >= beyond / LONG_POWERS[shift]) {
                return false;
            }
            long value = digits * LONG_POWERS[shift];
            out.integer(json[from] == '-' ? -value : value, width);
            return true;
        };
    }

    /** The digits of a number without its sign and point, or a negative number if there are too many or an exponent. */
    private static long digits(byte[] json, int from, int end) {
        int p = json[from] == '-' ? from + 1 : from;
        if (end - p > MAX_DIGITS + 1 || end <= p) {
            return -1;
        }
        long value = 0;
        int points = 0;
        for (; p < end; p++) {
            int digit = json[p] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
            } else if (json[p] == '.' && points == 0) {
                points = 1;
            } else {
                return -1;
            }
        }
        return end - from > MAX_DIGITS && points == 0 && value > LONG_POWERS[MAX_DIGITS] ? -1 : value;
    }

    /** How many digits stand behind the point. */
    private static int scale(byte[] json, int from, int end) {
        for (int p = from; p < end; p++) {
            if (json[p] == '.') {
                return end - p - 1;
            }
        }
        return 0;
    }

    private static double[] powers() {
        double[] powers = new double[23];
        for (int i = 0; i < powers.length; i++) {
            powers[i] = Double.parseDouble("1e" + i);
        }
        return powers;
    }

    private static long[] longPowers() {
        long[] powers = new long[MAX_DIGITS + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }

    /** An integer of 8 to 64 bits. */
    static final class IntegerSpan implements SpanEncoder {

        private final int bits;
        private final long min;
        private final long max;

        IntegerSpan(ColumnType.Int type) {
            boolean unsigned = type.sign() == ColumnType.Int.Sign.UNSIGNED;
            this.bits = type.bits();
            this.min = unsigned ? 0 : -1L << (bits - 1);
            this.max = unsigned ? -1L >>> (64 - Math.min(bits, 63)) : ~min;
        }

        @Override
        public boolean encode(byte[] json, int from, int end, RowBuffer out) {
            boolean negative = json[from] == '-';
            int first = negative ? from + 1 : from;
            if (end - first > MAX_DIGITS || end <= first) {
                return false;
            }
            long size = end - first <= Long.BYTES && first + Long.BYTES <= json.length
                    ? AsciiDigits.upToEight(json, first, end - first)
                    : magnitude(json, first, end);
            long value = negative ? -size : size;
            if (size < 0 || value < min || value > max) {
                return false;
            }
            switch (bits) {
                case 8 -> out.int8((int) value);
                case 16 -> out.int16((int) value);
                case 32 -> out.int32((int) value);
                default -> out.int64(value);
            }
            return true;
        }

        /** The number that digits write, or a negative one if there is anything else. */
        private static long magnitude(byte[] json, int first, int end) {
            long value = 0;
            for (int p = first; p < end; p++) {
                int digit = json[p] - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                value = value * 10 + digit;
            }
            return value;
        }
    }
}
