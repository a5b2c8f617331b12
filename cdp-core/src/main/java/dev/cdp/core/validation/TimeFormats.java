package dev.cdp.core.validation;

/**
 * Recognisers of dates, times and durations (RFC 3339, section 5.6 and appendix A) in UTF-8. They know no leap seconds,
 * no lower-case letters, no more than nine digits of a fraction, and no date that some column could not hold: a date that
 * is known here fits {@code Date32} and {@code DateTime64} of every precision.
 */
final class TimeFormats {

    /** {@code DateTime64} begins with 1900; a day of January 1900 may lie before it in UTC. */
    private static final int MIN_YEAR = 1901;
    /** {@code DateTime64(9)} ends in April 2262. */
    private static final int MAX_YEAR = 2261;
    /** The largest offset that {@link java.time.ZoneOffset} has is 18 h. */
    private static final int MAX_OFFSET_HOURS = 17;

    private TimeFormats() {}

    /** Whether it is {@code full-date "T" full-time}. */
    static boolean isDateTime(byte[] b, int from, int to) {
        return to - from >= 20 && b[from + 10] == 'T' && isDate(b, from, from + 10) && isTime(b, from + 11, to);
    }

    /** Whether it is a {@code full-date}. */
    static boolean isDate(byte[] b, int from, int to) {
        if (to - from != 10 || b[from + 4] != '-' || b[from + 7] != '-') {
            return false;
        }
        int year = pair(b, from) * 100 + pair(b, from + 2);
        int month = pair(b, from + 5);
        int day = pair(b, from + 8);
        boolean digits = pair(b, from) >= 0 && pair(b, from + 2) >= 0;
        return digits
                && year >= MIN_YEAR
                && year <= MAX_YEAR
                && month >= 1
                && month <= 12
                && day >= 1
                && (day <= 28 || day <= daysOf(year, month));
    }

    /** Whether it is a {@code full-time}. */
    static boolean isTime(byte[] b, int from, int to) {
        if (to - from < 9 || b[from + 2] != ':' || b[from + 5] != ':') {
            return false;
        }
        if (!within(pair(b, from), 23) || !within(pair(b, from + 3), 59) || !within(pair(b, from + 6), 59)) {
            return false;
        }
        int p = from + 8;
        if (b[p] == '.') {
            int digits = ++p;
            while (p < to && isDigit(b[p])) {
                p++;
            }
            if (p == digits || p - digits > 9) {
                return false;
            }
        }
        if (to - p == 1) {
            return b[p] == 'Z';
        }
        return to - p == 6
                && (b[p] == '+' || b[p] == '-')
                && b[p + 3] == ':'
                && within(pair(b, p + 1), MAX_OFFSET_HOURS)
                && within(pair(b, p + 4), 59)
                && !(b[p] == '-' && pair(b, p + 1) == 0 && pair(b, p + 4) == 0);
    }

    /** Whether it is a {@code duration}: weeks alone, or units in their order with none left out between two. */
    static boolean isDuration(byte[] b, int from, int to) {
        if (to - from < 3 || b[from] != 'P') {
            return false;
        }
        int p = skipDigits(b, from + 1, to);
        if (p > from + 1 && p == to - 1 && b[p] == 'W') {
            return true;
        }
        p = skipUnits(b, from + 1, to, "YMD");
        if (p == to) {
            return true;
        }
        return p > 0 && b[p] == 'T' && p + 1 < to && skipUnits(b, p + 1, to, "HMS") == to;
    }

    /** The position after a run of the units, or -1 where something else stands. */
    private static int skipUnits(byte[] b, int p, int to, String units) {
        int expected = -1;
        while (p < to && b[p] != 'T') {
            int unitAt = skipDigits(b, p, to);
            int unit = unitAt == p || unitAt == to ? -1 : units.indexOf(b[unitAt]);
            if (unit < 0 || (expected >= 0 && unit != expected)) {
                return -1;
            }
            expected = unit + 1;
            p = unitAt + 1;
        }
        return p;
    }

    /** The position after at most nine digits. */
    private static int skipDigits(byte[] b, int p, int to) {
        int q = p;
        while (q < to && q - p < 9 && isDigit(b[q])) {
            q++;
        }
        return q;
    }

    private static int daysOf(int year, int month) {
        if (month == 2) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** The number of two digits, or a negative one. */
    private static int pair(byte[] b, int p) {
        int tens = b[p] - '0';
        int ones = b[p + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private static boolean within(int value, int max) {
        return value >= 0 && value <= max;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
