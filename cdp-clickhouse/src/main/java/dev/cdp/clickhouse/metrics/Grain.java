package dev.cdp.clickhouse.metrics;

/** How long one bucket of time is. */
public enum Grain {
    /** An hour of the clock; its {@code time} is the instant that it begins at. */
    HOUR,
    /** A calendar day, 23 to 25 hours long where clocks change; its {@code time} is the date. */
    DAY,
    /** Monday to Sunday; its {@code time} is the Monday. */
    WEEK,
    /** A calendar month; its {@code time} is its first day. */
    MONTH
}
