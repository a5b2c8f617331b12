package dev.cdp.clickhouse.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Set;

import dev.cdp.clickhouse.SqlText;

/**
 * Time in SQL. Days and longer buckets are dates, so that a day whose midnight the clocks leave out is a day like others.
 */
final class TimeSql {

    /** How long a bucket of a rollup is: every offset from UTC that is in use is a multiple of it. */
    static final Duration STEP = Duration.ofMinutes(15);

    private static final long HOUR = 3_600;
    private static final DateTimeFormatter LITERAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private TimeSql() {}

    /** The bucket that a time, an expression, falls into. */
    static String bucket(String time, Grain grain, ZoneId zone) {
        String date = "toDate(" + time + ", " + zone(zone) + ")";
        return switch (grain) {
            case HOUR -> "toStartOfHour(" + time + ", " + zone(zone) + ")";
            case DAY -> date;
            case WEEK -> "toMonday(" + date + ")";
            case MONTH -> "toStartOfMonth(" + date + ")";
        };
    }

    /** The bucket of a rollup that a time falls into: {@code DateTime('UTC')}. */
    static String step(String time) {
        return "toDateTime(intDiv(toUnixTimestamp64Milli(" + time + "), " + STEP.toMillis() + ") * " + STEP.toSeconds()
                + ", 'UTC')";
    }

    static String zone(ZoneId zone) {
        return SqlText.text(zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId());
    }

    static String instant(Instant instant) {
        return "toDateTime64('" + LITERAL.format(instant) + "', 3, 'UTC')";
    }

    /** {@code from ≤ time < to}. */
    static String between(String time, Instant from, Instant to) {
        return time + " >= " + instant(from) + " AND " + time + " < " + instant(to);
    }

    /** When the bucket of a rollup begins that an instant falls into; within what metrics count. */
    static Instant floor(Instant instant) {
        long seconds = Math.floorDiv(instant.getEpochSecond(), STEP.toSeconds()) * STEP.toSeconds();
        return Instant.ofEpochSecond(
                Math.max(MetricQuery.MIN.getEpochSecond(), Math.min(MetricQuery.MAX.getEpochSecond(), seconds)));
    }

    /** Whether an instant lies between two buckets of a rollup. */
    static boolean onStep(Instant instant) {
        return instant.getNano() == 0 && instant.getEpochSecond() % STEP.toSeconds() == 0;
    }

    /** Whether every hour and every day of a zone in a range begins between two buckets of a rollup. */
    static boolean onStep(ZoneId zone, Instant from, Instant to) {
        return offsets(zone, from, to).stream().allMatch(seconds -> seconds % STEP.toSeconds() == 0);
    }

    /**
     * Whether clocks of a zone change by whole hours only, so that every hour of a range is one. The server counts hours
     * from midnight: a change earlier in the range's first day shifts them too.
     */
    static boolean wholeHours(ZoneId zone, Instant from, Instant to) {
        Instant midnight = from.atZone(zone).truncatedTo(ChronoUnit.DAYS).toInstant();
        return offsets(zone, midnight, to).stream()
                        .map(seconds -> Math.floorMod(seconds, HOUR))
                        .distinct()
                        .count()
                == 1;
    }

    private static Set<Long> offsets(ZoneId zone, Instant from, Instant to) {
        ZoneRules rules = zone.getRules();
        Set<Long> offsets = new java.util.HashSet<>();
        offsets.add((long) rules.getOffset(from).getTotalSeconds());
        ZoneOffsetTransition next = rules.nextTransition(from);
        while (next != null && next.getInstant().isBefore(to)) {
            offsets.add((long) next.getOffsetAfter().getTotalSeconds());
            next = rules.nextTransition(next.getInstant());
        }
        return offsets;
    }
}
