package dev.cdp.core.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

/**
 * Timestamps as RFC 3339 text, many times faster than {@link java.time.format.DateTimeFormatter} in the usual form: UTC,
 * years 0000 to 9999. Any other form goes to that one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339, section 5.6</a>
 */
public final class Rfc3339 {

    private static final int SECONDS_PER_DAY = 86_400;
    private static final int TO_SECONDS = "2026-11-22T10:15:30".length();
    private static final long MIN = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long MAX = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private Rfc3339() {}

    /** The instant of a timestamp with any offset; null if it is none. */
    public static @Nullable Instant parse(String text) {
        int end = text.length() - 1;
        if (end < TO_SECONDS || end > TO_SECONDS + 10 || text.charAt(end) != 'Z') {
            return parseAny(text);
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        int nanos = end == TO_SECONDS ? 0 : fraction(text, TO_SECONDS, end);
        if ((year | month | day | hour | minute | second | nanos) < 0
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || hour > 23
                || minute > 59
                || second > 59) {
            return parseAny(text);
        }
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            return Instant.ofEpochSecond(days * SECONDS_PER_DAY + hour * 3_600L + minute * 60L + second, nanos);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** What {@link Instant#toString()} prints, as bytes. */
    public static byte[] bytes(Instant instant) {
        long seconds = instant.getEpochSecond();
        if (seconds < MIN || seconds > MAX) {
            return instant.toString().getBytes(StandardCharsets.UTF_8);
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, (long) SECONDS_PER_DAY));
        int ofDay = (int) Math.floorMod(seconds, (long) SECONDS_PER_DAY);
        int fraction = instant.getNano();
        int digits = 9;
        while (digits > 0 && fraction % 1_000 == 0) {
            fraction /= 1_000;
            digits -= 3;
        }
        byte[] text = new byte[TO_SECONDS + (digits == 0 ? 1 : digits + 2)];
        write(text, 0, 4, date.getYear());
        text[4] = '-';
        write(text, 5, 7, date.getMonthValue());
        text[7] = '-';
        write(text, 8, 10, date.getDayOfMonth());
        text[10] = 'T';
        write(text, 11, 13, ofDay / 3_600);
        text[13] = ':';
        write(text, 14, 16, ofDay / 60 % 60);
        text[16] = ':';
        write(text, 17, 19, ofDay % 60);
        if (digits > 0) {
            text[TO_SECONDS] = '.';
            write(text, TO_SECONDS + 1, TO_SECONDS + 1 + digits, fraction);
        }
        text[text.length - 1] = 'Z';
        return text;
    }

    private static @Nullable Instant parseAny(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The digits of a text, or -1 if there is anything else. */
    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static int fraction(String text, int point, int end) {
        int digits = end - point - 1;
        int value = digits == 0 || text.charAt(point) != '.' ? -1 : number(text, point + 1, end);
        for (int i = digits; i < 9 && value > 0; i++) {
            value *= 10;
        }
        return value;
    }

    private static void write(byte[] text, int from, int to, int value) {
        int left = value;
        for (int i = to - 1; i >= from; i--) {
            text[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }
}
