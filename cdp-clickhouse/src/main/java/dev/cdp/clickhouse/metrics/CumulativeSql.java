package dev.cdp.clickhouse.metrics;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.Metric;

/**
 * A count or sum, summed up to the end of each bucket of time. What is added is kept by position, a day or an hour; the
 * buckets and their windows are runs of positions, computed here from Java's time zones.
 */
final class CumulativeSql {

    private static final int MAX_BUCKETS = 5_000;
    private static final int MAX_POSITIONS = 100_000;
    private static final long HOUR = 3_600;

    private final Metric.Cumulative metric;
    private final Grain grain;
    private final ZoneId zone;
    private final boolean windowed;
    /** Whether a position is a day, since nothing begins or ends within one; else it is an hour. */
    private final boolean days;
    /** The start of each bucket, and the end of the last. */
    private final List<Instant> edges;
    /** Where the window of each bucket begins; empty where everything so far counts. */
    private final List<Instant> sinces = new ArrayList<>();
    /** Where position 0 begins, as a day or second of the epoch. */
    private final long origin;

    /** @throws MetricQueryException if the range is open or too long */
    CumulativeSql(MetricQuery query, Metric.Cumulative metric, Grain grain) {
        this.metric = metric;
        this.grain = grain;
        this.zone = query.zone();
        Duration window = metric.window().orElse(Duration.ZERO);
        this.windowed = !window.isZero();
        this.days = grain != Grain.HOUR && wholeDays(window);
        if (query.from().equals(MetricQuery.MIN) || query.to().equals(MetricQuery.MAX)) {
            throw new MetricQueryException("metric '" + metric.name() + "' is summed up to the end of each "
                    + grain.name().toLowerCase(java.util.Locale.ROOT) + "; say from which to which: it wants 'from' and"
                    + " 'to'");
        }
        if (!days && !TimeSql.wholeHours(zone, query.from().minus(window), query.to())) {
            throw new MetricQueryException("hours in " + zone + ": its clocks change by a part of an hour within the"
                    + " range; ask for it in UTC");
        }
        this.edges = grain == Grain.HOUR ? hours(query) : dates(query);
        if (windowed) {
            edges.stream().skip(1).forEach(end -> sinces.add(earlier(end, window, zone)));
        }
        // Everything before the first bucket is one position more.
        Instant first = windowed ? sinces.get(0) : edges.get(0);
        long before = windowed ? 0 : days ? 1 : HOUR;
        this.origin = (days ? date(first).toEpochDay() : first.getEpochSecond()) - before;
    }

    /** The begin of a window that ends there; one of whole days goes back by days of the calendar. */
    static Instant earlier(Instant end, Duration window, ZoneId zone) {
        if (!wholeDays(window)) {
            return end.minus(window);
        }
        ZonedDateTime local = end.atZone(zone);
        boolean midnight = local.equals(local.toLocalDate().atStartOfDay(zone));
        return midnight
                ? local.toLocalDate()
                        .minusDays(window.toDays())
                        .atStartOfDay(zone)
                        .toInstant()
                : local.minusDays(window.toDays()).toInstant();
    }

    /** The first instant whose facts count. */
    Instant from() {
        Instant first = windowed ? sinces.get(0) : MetricQuery.MIN;
        return first.isBefore(MetricQuery.MIN) ? MetricQuery.MIN : first;
    }

    /** The position of a time, an expression. */
    String position(String time) {
        String position = days
                ? "toInt64(toDate(" + time + ", " + TimeSql.zone(zone) + ")) - " + origin
                : "intDiv(toInt64(toUnixTimestamp(" + time + ")) - " + origin + ", " + HOUR + ")";
        return "toUInt32(" + (windowed ? position : "greatest(" + position + ", 0)") + ")";
    }

    /**
     * The sums of each bucket.
     *
     * @param parts a SELECT of the dimensions, {@code _position} and {@code _added}
     * @param type what {@code _added} is
     */
    String select(String parts, List<String> dimensions, String type) {
        List<Long> untils = edges.stream().skip(1).map(this::position).toList();
        long positions = untils.get(untils.size() - 1);
        if (positions > MAX_POSITIONS) {
            throw tooLong(positions + (days ? " days" : " hours"), MAX_POSITIONS);
        }
        String keys = dimensions.stream().map(name -> SqlText.name(name) + ", ").collect(Collectors.joining());
        String gathered = "groupArrayInsertAt(CAST(0, '" + type + "'), " + positions + ")(CAST(`_added`, '" + type
                + "'), `_position`)";
        String values = windowed
                ? "arrayMap((since, until) -> arraySum(arraySlice(`_parts`, since + 1, until - since)), "
                        + list(sinces.stream().map(this::position).toList()) + ", " + list(untils) + ")"
                : "arrayMap(until -> arrayElement(`_sums`, until), " + list(untils) + ")";
        String groups = dimensions.stream().map(SqlText::name).collect(Collectors.joining(", "));
        return "SELECT `time`, " + keys + "`_value` AS " + SqlText.name(metric.name()) + "\nFROM (\n    SELECT " + keys
                + (windowed ? gathered + " AS `_parts`" : "arrayCumSum(" + gathered + ") AS `_sums`")
                + "\n    FROM (\n" + parts.indent(8) + "    )"
                + (groups.isEmpty() ? "" : "\n    GROUP BY " + groups) + "\n)\nARRAY JOIN " + times() + " AS `time`, "
                + values + " AS `_value`";
    }

    private List<Instant> hours(MetricQuery query) {
        List<Instant> hours = new ArrayList<>();
        Instant at = query.from().atZone(zone).truncatedTo(ChronoUnit.HOURS).toInstant();
        for (; at.isBefore(query.to()); at = at.plusSeconds(HOUR)) {
            add(hours, at);
        }
        hours.add(at);
        return hours;
    }

    private List<Instant> dates(MetricQuery query) {
        LocalDate at = date(query.from());
        at = switch (grain) {
            case WEEK -> at.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> at.withDayOfMonth(1);
            default -> at;
        };
        List<Instant> dates = new ArrayList<>();
        for (; at.atStartOfDay(zone).toInstant().isBefore(query.to()); at = next(at)) {
            add(dates, at.atStartOfDay(zone).toInstant());
        }
        dates.add(at.atStartOfDay(zone).toInstant());
        return dates;
    }

    private LocalDate next(LocalDate date) {
        return switch (grain) {
            case WEEK -> date.plusWeeks(1);
            case MONTH -> date.plusMonths(1);
            default -> date.plusDays(1);
        };
    }

    private void add(List<Instant> starts, Instant start) {
        starts.add(start);
        if (starts.size() > MAX_BUCKETS) {
            throw tooLong("more than " + MAX_BUCKETS + " buckets of time", MAX_BUCKETS);
        }
    }

    private MetricQueryException tooLong(String found, int most) {
        return new MetricQueryException("metric '" + metric.name() + "': the range has " + found + ", at most " + most
                + " are summed up at once; ask for a shorter range or a longer grain");
    }

    private static boolean wholeDays(Duration window) {
        return window.toHours() % 24 == 0;
    }

    private LocalDate date(Instant instant) {
        return LocalDate.ofInstant(instant, zone);
    }

    private long position(Instant instant) {
        return days ? date(instant).toEpochDay() - origin : Math.floorDiv(instant.getEpochSecond() - origin, HOUR);
    }

    private String times() {
        Instant first = edges.get(0);
        String date = "toDate('" + date(first) + "')";
        String time = switch (grain) {
            case HOUR -> "addHours(toDateTime(" + first.getEpochSecond() + ", " + TimeSql.zone(zone) + "), n)";
            case DAY -> "addDays(" + date + ", n)";
            case WEEK -> "addWeeks(" + date + ", n)";
            case MONTH -> "addMonths(" + date + ", n)";
        };
        return "arrayMap(n -> " + time + ", range(" + (edges.size() - 1) + "))";
    }

    private static String list(List<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
