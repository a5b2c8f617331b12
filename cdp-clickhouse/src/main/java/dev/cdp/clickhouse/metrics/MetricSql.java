package dev.cdp.clickhouse.metrics;

import java.util.List;

/**
 * A question about a metric as one SELECT.
 *
 * @param sql without a semicolon and FORMAT
 * @param columns the names of its columns: {@code time} where there is a grain, the dimensions as they were asked for,
 *     and the metric; rows are sorted by the first ones
 * @param reads the tables that it reads
 * @param notes why a table of facts is read where a rollup might have been expected
 */
public record MetricSql(String sql, List<String> columns, List<String> reads, List<String> notes) {

    /** Copies the lists. */
    public MetricSql {
        columns = List.copyOf(columns);
        reads = List.copyOf(reads);
        notes = List.copyOf(notes);
    }
}
