package dev.cdp.clickhouse;

import dev.cdp.core.schema.ColumnType;

/**
 * Dates and times as RFC 3339 writes them, of the years that every column of theirs holds: 1901 to 2261.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339, section 5.6</a>
 */
final class TimeSpans {

    private static final int MIN_YEAR = 1901;
    private static final int MAX_YEAR = 2261;
    private static final int DATE = "2026-01-31".length();
    private static final int SECONDS = "2026-01-31T12:00:00".length();
    private static final int MAX_OFFSET_HOURS = 17;
    private static final long NO_DAY = Long.MIN_VALUE;
    private static final long YEAR_AND_MONTH = AsciiDigits.word("0000-00-");
    private static final long HYPHENS = 0xFF00_00FF_0000_0000L;
    private static final long TIME_OF_DAY = AsciiDigits.word("00:00:00");
    private static final long COLONS = 0x0000_FF00_00FF_0000L;
    private static final long[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private TimeSpans() {}

    /** Days since the epoch. */
    static boolean date(byte[] json, int from, int end, RowBuffer out) {
        if (end - from != DATE + 2 || json[from] != '"') {
            return false;
        }
        long day = day(json, from + 1);
        if (day == NO_DAY) {
            return false;
        }
        out.int32((int) day);
        return true;
    }

    /** Seconds east of UTC, or the least integer for what is not {@code Z} or an offset below 18 h. */
    private static int offset(byte[] json, int from, int to) {
        if (to - from == 1 && json[from] == 'Z') {
            return 0;
        }
        if (to - from != 6 || json[from + 3] != ':' || (json[from] != '+' && json[from] != '-')) {
            return Integer.MIN_VALUE;
        }
        int hours = pair(json, from + 1);
        int minutes = pair(json, from + 4);
        if ((hours | minutes) < 0 || hours > MAX_OFFSET_HOURS || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = hours * 3_600 + minutes * 60;
        return json[from] == '-' ? -seconds : seconds;
    }

    /** Days since the epoch, of the ten bytes from {@code p} on. */
    private static long day(byte[] json, int p) {
        long digits = AsciiDigits.word(json, p) ^ YEAR_AND_MONTH;
        int day = pair(json, p + 8);
        if (!AsciiDigits.areDigits(digits) || (digits & HYPHENS) != 0 || day < 1) {
            return NO_DAY;
        }
        long pairs = AsciiDigits.pairs(digits);
        int year = (int) (pairs & 0xFF) * 100 + (int) ((pairs >>> 16) & 0xFF);
        int month = (int) ((pairs >>> 40) & 0xFF);
        if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12 || (day > 28 && day > daysOf(year, month))) {
            return NO_DAY;
        }
        return epochDay(year, month, day);
    }

    /** Counts from March, so that a leap day is the last of its year; the epoch is day 719,468 of that count. */
    private static long epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int fromMarch = month > 2 ? month - 3 : month + 9;
        return 365L * y + y / 4 - y / 100 + y / 400 + (153 * fromMarch + 2) / 5 + day - 1 - 719_468;
    }

    private static int daysOf(int year, int month) {
        if (month == 2) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** The number of two digits, or a negative one. */
    private static int pair(byte[] json, int p) {
        int tens = json[p] - '0';
        int ones = json[p + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    /** Units of 10^-precision seconds since the epoch, rounded down. */
    static final class TimeSpan implements SpanEncoder {

        private final int precision;

        TimeSpan(ColumnType.DateTime type) {
            this.precision = type.precision();
        }

        @Override
        public boolean encode(byte[] json, int from, int end, RowBuffer out) {
            int p = from + 1;
            int close = end - 1;
            if (close - p < SECONDS + 1 || json[from] != '"' || json[p + DATE] != 'T') {
                return false;
            }
            long day = day(json, p);
            long time = AsciiDigits.word(json, p + DATE + 1) ^ TIME_OF_DAY;
            long pairs = AsciiDigits.pairs(time);
            int hour = (int) (pairs & 0xFF);
            int minute = (int) ((pairs >>> 24) & 0xFF);
            int second = (int) ((pairs >>> 48) & 0xFF);
            if (day == NO_DAY
                    || !AsciiDigits.areDigits(time)
                    || (time & COLONS) != 0
                    || hour > 23
                    || minute > 59
                    || second > 59) {
                return false;
            }
            int zone = p + SECONDS;
            long fraction = 0;
            int digits = 0;
            if (json[zone] == '.') {
                int point = zone++;
                while (zone < close && json[zone] >= '0' && json[zone] <= '9') {
                    if (zone - point <= precision) {
                        fraction = fraction * 10 + json[zone] - '0';
                        digits++;
                    }
                    zone++;
                }
                if (zone - point == 1 || zone - point > 10) {
                    return false;
                }
            }
            int offset = offset(json, zone, close);
            if (offset == Integer.MIN_VALUE) {
                return false;
            }
            long epochSecond = day * 86_400 + hour * 3_600L + minute * 60L + second - offset;
            out.int64(epochSecond * POWERS[precision] + fraction * POWERS[precision - digits]);
            return true;
        }
    }
}
