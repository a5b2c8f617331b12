package dev.cdp.core.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.cdp.core.schema.Column;
import org.jspecify.annotations.Nullable;

/** A number about facts: an aggregation of them, the ratio of two metrics, or a metric summed up over time. Immutable. */
public sealed interface Metric {

    /** Its name in {@code cdp.yaml}. */
    String name();

    /** What it means, else empty. */
    String description();

    /** The team that owns it, else empty. */
    String owner();

    /** What it is counted in, such as {@code ms}, else empty. */
    String unit();

    /** The dimensions that it may be sliced by. */
    List<Dimension> by();

    /** How its numbers at a fine grain, or for parts of a dimension, make the number of the whole. */
    Rollup rollup();

    /** How the numbers of parts make the number of the whole. */
    enum Rollup {
        /** They are added. */
        SUM,
        /** The least one is taken. */
        MIN,
        /** The greatest one is taken. */
        MAX,
        /** Not at all: the whole has to be asked for. */
        NONE
    }

    /** How near a metric's number is to the true one. */
    enum Precision {
        /** It is the true one. */
        EXACT,
        /** It may be off by about one percent, and is made of a state of bounded size. */
        APPROXIMATE
    }

    /**
     * An aggregation of one event's facts.
     *
     * @param fact the event; it has a table
     * @param ofOrNull the column that is aggregated; null for a count
     * @param level the part of all values that a quantile does not exceed, between 0 and 1; 0 for other measures
     * @param precision whether its number is exact; what is not exact is a distinct count or a quantile
     * @param whereOrNull which facts count; null for all
     */
    record Aggregate(
            String name,
            String description,
            String owner,
            String unit,
            List<Dimension> by,
            EventDefinition fact,
            Measure measure,
            @Nullable Column ofOrNull,
            double level,
            Precision precision,
            @Nullable Condition whereOrNull)
            implements Metric {

        /** Copies the list. */
        public Aggregate {
            by = List.copyOf(by);
        }

        /** The column that is aggregated; empty for a count. */
        public Optional<Column> of() {
            return Optional.ofNullable(ofOrNull);
        }

        /** Which facts count; empty for all. */
        public Optional<Condition> where() {
            return Optional.ofNullable(whereOrNull);
        }

        @Override
        public Rollup rollup() {
            return measure.rollup();
        }
    }

    /**
     * One metric divided by another.
     *
     * @param by the dimensions that both may be sliced by
     */
    record Ratio(
            String name,
            String description,
            String owner,
            String unit,
            List<Dimension> by,
            Metric numerator,
            Metric denominator)
            implements Metric {

        /** Copies the list. */
        public Ratio {
            by = List.copyOf(by);
        }

        @Override
        public Rollup rollup() {
            return Rollup.NONE;
        }
    }

    /**
     * A metric that adds up, summed up to each point in time.
     *
     * @param metric a count or a sum
     * @param windowOrNull how far back is summed; null for everything so far
     */
    record Cumulative(
            String name,
            String description,
            String owner,
            String unit,
            List<Dimension> by,
            Metric metric,
            @Nullable Duration windowOrNull)
            implements Metric {

        /** Copies the list. */
        public Cumulative {
            by = List.copyOf(by);
        }

        /** How far back is summed; empty for everything so far. */
        public Optional<Duration> window() {
            return Optional.ofNullable(windowOrNull);
        }

        @Override
        public Rollup rollup() {
            return Rollup.NONE;
        }
    }
}
