package dev.cdp.clickhouse;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.core.catalog.TableDefinition;

/**
 * How many partitions of its table one batch can have rows in, each of which makes a part of its own. The validator lets
 * through no event that is older than its table keeps, or more than a day ahead; decision 80 has the arithmetic.
 */
final class PartitionSpan {

    /** The shortest stretch of time that each function keeps together. */
    private static final Map<String, Duration> SHORTEST = Map.of(
            "toStartOfHour", Duration.ofHours(1),
            "toDate", Duration.ofDays(1),
            "toStartOfDay", Duration.ofDays(1),
            "toYYYYMMDD", Duration.ofDays(1),
            "toMonday", Duration.ofDays(7),
            "toStartOfWeek", Duration.ofDays(7),
            "toStartOfMonth", Duration.ofDays(28),
            "toYYYYMM", Duration.ofDays(28),
            "toStartOfYear", Duration.ofDays(365),
            "toYear", Duration.ofDays(365));

    private static final Pattern OF_TIME = Pattern.compile("(\\w+)\\(`?" + TableDefinition.EVENT_TIME + "`?\\)");

    private PartitionSpan() {}

    /**
     * The most that the event times of records of one moment can touch; empty where the table keeps its rows for ever, or is
     * not partitioned by time alone.
     */
    static OptionalLong most(TableDefinition table, String partitionKey) {
        Matcher key = OF_TIME.matcher(partitionKey);
        Duration shortest = key.matches() ? SHORTEST.get(key.group(1)) : null;
        if (shortest == null || table.ttl().isEmpty()) {
            return OptionalLong.empty();
        }
        Duration span = table.ttl().get().plus(TableDefinition.MAX_AHEAD);
        return OptionalLong.of(span.plus(shortest).minusNanos(1).dividedBy(shortest) + 1);
    }
}
