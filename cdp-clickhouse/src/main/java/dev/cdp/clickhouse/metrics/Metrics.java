package dev.cdp.clickhouse.metrics;

import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.core.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/** Answers questions about a catalog's metrics on a server, from rollups wherever one fits. Thread-safe. */
public final class Metrics {

    private final ClickHouseClient client;
    private final MetricCompiler compiler;
    private final Set<Rollup> ready;

    private Metrics(ClickHouseClient client, Catalog catalog) {
        this.client = client;
        this.compiler = MetricCompiler.of(catalog);
        this.ready = Set.copyOf(Rollups.of(client, catalog).ready());
    }

    /** The metrics of a catalog on a server, with the rollups that are there now. */
    public static Metrics on(ClickHouseClient client, Catalog catalog) {
        return new Metrics(Objects.requireNonNull(client, "client"), Objects.requireNonNull(catalog, "catalog"));
    }

    /**
     * The answer to a question.
     *
     * @throws MetricQueryException for a question that the metric cannot answer
     */
    public MetricAnswer answer(MetricQuery query) {
        MetricSql sql = compiler.compile(query, ready);
        return new MetricAnswer(sql, client.select("answer a question about metric " + query.metric(), sql.sql()));
    }

    /**
     * An answer.
     *
     * @param sql what was asked
     * @param rows a value for each of its columns: text, a number, a truth value or null; the {@code time} of an hour is
     *     an instant, RFC 3339 in UTC, and that of a longer grain a date
     */
    public record MetricAnswer(MetricSql sql, List<List<@Nullable Object>> rows) {

        /** Copies the list. */
        public MetricAnswer {
            rows = List.copyOf(rows);
        }
    }
}
