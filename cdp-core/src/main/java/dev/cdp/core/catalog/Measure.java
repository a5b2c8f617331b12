package dev.cdp.core.catalog;

import java.util.Locale;

/** How the facts of a metric become one number. */
public enum Measure {
    /** How many facts there are. */
    COUNT(Metric.Rollup.SUM),
    /** The sum of a field. */
    SUM(Metric.Rollup.SUM),
    /** The mean of a field. */
    AVG(Metric.Rollup.NONE),
    /** The least value of a field. */
    MIN(Metric.Rollup.MIN),
    /** The greatest value of a field. */
    MAX(Metric.Rollup.MAX),
    /** How many different values a field has. */
    DISTINCT(Metric.Rollup.NONE),
    /** The value that a given part of all values does not exceed. */
    QUANTILE(Metric.Rollup.NONE);

    private final Metric.Rollup rollup;

    Measure(Metric.Rollup rollup) {
        this.rollup = rollup;
    }

    /** How its numbers at a fine grain make the number at a coarse one. */
    public Metric.Rollup rollup() {
        return rollup;
    }

    /** Its name in {@code cdp.yaml}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
