/** Metrics of a catalog as SQL: over the tables of facts, and over rollups that materialized views keep. */
@NullMarked
package dev.cdp.clickhouse.metrics;

import org.jspecify.annotations.NullMarked;
