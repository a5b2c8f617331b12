package dev.cdp.clickhouse.metrics;

import java.time.Instant;

/**
 * A quarter of an hour of which a rollup has counted another number of facts than there are.
 *
 * @param rollup the rollup
 * @param bucket when the quarter of an hour begins
 * @param facts how many facts there are
 * @param counted how many the rollup has
 */
public record RollupDifference(Rollup rollup, Instant bucket, long facts, long counted) {}
