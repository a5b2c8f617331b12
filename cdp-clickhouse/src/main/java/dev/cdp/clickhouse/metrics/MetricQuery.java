package dev.cdp.clickhouse.metrics;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A question about one metric. Immutable.
 *
 * @param metric the metric's name
 * @param by the names of the dimensions that it is sliced by
 * @param grainOrNull how long a bucket of time is; null for one number over all time
 * @param zone the time zone that buckets are cut in
 * @param from facts before it do not count; at least 1970-01-01T00:00:00Z
 * @param to facts at it and after it do not count; at most 2100-01-01T00:00:00Z
 * @param where a condition on dimensions of the metric, written as in {@code cdp.yaml}; empty for none
 */
public record MetricQuery(
        String metric,
        List<String> by,
        @Nullable Grain grainOrNull,
        ZoneId zone,
        Instant from,
        Instant to,
        String where) {

    /** The first instant that a bucket may begin at, and the default of {@code from}. */
    public static final Instant MIN = Instant.EPOCH;

    /** The end of the last bucket, and the default of {@code to}. */
    public static final Instant MAX = Instant.parse("2100-01-01T00:00:00Z");

    /** @throws MetricQueryException for a range or zone that cannot be asked for */
    public MetricQuery {
        by = List.copyOf(by);
        if (from.isBefore(MIN) || to.isAfter(MAX) || !from.isBefore(to)) {
            throw new MetricQueryException(
                    "from and to: expected " + MIN + " ≤ from < to ≤ " + MAX + ", found " + from + " and " + to);
        }
        if (zone instanceof ZoneOffset && !zone.normalized().equals(ZoneOffset.UTC)) {
            throw new MetricQueryException("time zone: expected a name of the IANA database such as Europe/Berlin, or"
                    + " UTC, found the offset " + zone);
        }
    }

    /** How long a bucket of time is; empty for one number over all time. */
    public Optional<Grain> grain() {
        return Optional.ofNullable(grainOrNull);
    }

    /** A question about that metric: one number, over all time, unless the builder says more. */
    public static Builder of(String metric) {
        return new Builder(Objects.requireNonNull(metric, "metric"));
    }

    /** What a question asks for. One thread at a time. */
    public static final class Builder {

        private final String metric;
        private List<String> by = List.of();
        private @Nullable Grain grain;
        private ZoneId zone = ZoneOffset.UTC;
        private Instant from = MIN;
        private Instant to = MAX;
        private String where = "";

        private Builder(String metric) {
            this.metric = metric;
        }

        /** Slices by these dimensions, by default by none. */
        public Builder by(String... dimensions) {
            this.by = List.of(dimensions);
            return this;
        }

        /** A number for each bucket of time, by default one over all time. */
        public Builder grain(Grain length) {
            this.grain = length;
            return this;
        }

        /** Cuts buckets in that time zone, by default UTC. */
        public Builder zone(ZoneId id) {
            this.zone = id;
            return this;
        }

        /** Leaves out facts before it. */
        public Builder from(Instant first) {
            this.from = first;
            return this;
        }

        /** Leaves out facts at it and after it. */
        public Builder to(Instant end) {
            this.to = end;
            return this;
        }

        /** Counts only facts whose dimensions satisfy a condition, such as {@code country = 'DE'}. */
        public Builder where(String condition) {
            this.where = condition;
            return this;
        }

        /**
         * The question.
         *
         * @throws MetricQueryException for a range or zone that cannot be asked for
         */
        public MetricQuery build() {
            return new MetricQuery(metric, by, grain, zone, from, to, where);
        }
    }
}
