package dev.cdp.clickhouse.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.Dimension;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import org.jspecify.annotations.Nullable;

/**
 * A table that keeps what metrics of one fact need, by quarter hours and dimensions, and the materialized view that keeps
 * it up. Immutable: metrics that need anything else make another rollup, of another name.
 *
 * @see <a href="https://clickhouse.com/docs/engines/table-engines/mergetree-family/aggregatingmergetree">
 *     AggregatingMergeTree</a>
 */
public final class Rollup {

    static final String BUCKET = "_bucket";
    private static final int DEDUPLICATION_WINDOW = 10_000;

    private final EventDefinition fact;
    private final TableDefinition facts;
    private final List<Dimension> dimensions;
    private final List<State> states;
    private final List<String> metrics;
    private final String name;

    Rollup(EventDefinition fact, List<Dimension> dimensions, List<State> states, List<String> metrics) {
        this.fact = fact;
        this.facts = fact.table().orElseThrow();
        this.dimensions = List.copyOf(dimensions);
        this.states = List.copyOf(states);
        this.metrics = List.copyOf(metrics);
        this.name = facts.name() + "_rollup_" + Hash.of(structure() + body() + select(""));
    }

    /** Its database, which is that of its facts. */
    public String database() {
        return facts.database();
    }

    /** Its table's name; it ends in a hash of all that it is made of. */
    public String name() {
        return name;
    }

    /** The event whose facts it sums up. */
    public EventDefinition fact() {
        return fact;
    }

    /** The dimensions that it keeps apart. */
    public List<Dimension> dimensions() {
        return dimensions;
    }

    /** The names of the metrics that it answers. */
    public List<String> metrics() {
        return metrics;
    }

    /** The statement that creates its table. */
    public String createTable() {
        return "CREATE TABLE IF NOT EXISTS " + table() + structure() + body() + "\nCOMMENT "
                + SqlText.text("Rolls up " + fact.name() + " for " + String.join(", ", metrics) + ".");
    }

    /** The statement that creates its view, for facts that come from now on into an empty table. */
    public String createView() {
        return createView("");
    }

    /** {@code later}: the facts that the view takes, over {@code f}, which its comment keeps; empty for all. */
    String createView(String later) {
        return "CREATE MATERIALIZED VIEW IF NOT EXISTS " + SqlText.name(database(), viewName()) + " TO " + table()
                + " AS\n" + select(later) + (later.isEmpty() ? "" : "\nCOMMENT " + SqlText.text(later));
    }

    /** The statements that drop it, of which the next build makes it anew from its facts. */
    public List<String> drop() {
        return Stream.of(viewName(), name, pastName())
                .map(table -> "DROP TABLE IF EXISTS " + SqlText.name(database(), table) + " SYNC")
                .toList();
    }

    /**
     * What finds the buckets in which it has counted another number of facts than there are: the bucket in seconds, the
     * facts, and its count. Facts that may have expired are left out, and so are buckets into which some were loaded since
     * {@code settled}.
     */
    String differences(Instant from, Instant to, Instant settled) {
        String time = "f." + SqlText.name(TableDefinition.EVENT_TIME);
        Instant first = TimeSql.floor(from);
        Instant end = TimeSql.floor(to);
        return """
                SELECT toUnixTimestamp(_bucket), sum(facts) AS stored, sum(counted) AS kept
                FROM
                (
                    SELECT %s AS _bucket, toInt64(count()) AS facts, toInt64(0) AS counted, max(f._loaded_at) AS loaded
                    FROM %s AS f WHERE %s GROUP BY _bucket
                    UNION ALL
                    SELECT r._bucket, 0, toInt64(%s), toDateTime64(0, 3, 'UTC')
                    FROM %s AS r WHERE %s GROUP BY r._bucket
                )
                WHERE %s
                GROUP BY _bucket
                HAVING stored != kept AND max(loaded) < %s
                ORDER BY _bucket""".formatted(
                        TimeSql.step(time),
                        factsTable(),
                        TimeSql.between(time, first, end),
                        State.COUNT.overRollup(),
                        table(),
                        TimeSql.between("r." + BUCKET, first, end),
                        facts.ttl()
                                .map(ttl -> "_bucket > now() - toIntervalSecond(" + ttl.toSeconds() + ")")
                                .orElse("true"),
                        TimeSql.instant(settled));
    }

    /** Where the facts from before the view are gathered, until all of them are there. */
    String createStaging() {
        return "CREATE TABLE " + SqlText.name(database(), stagingName()) + structure() + body();
    }

    String backfill(String condition) {
        return "INSERT INTO " + SqlText.name(database(), stagingName()) + "\n" + select(condition);
    }

    String table() {
        return SqlText.name(database(), name);
    }

    String factsTable() {
        return SqlText.name(facts.database(), facts.name());
    }

    String viewName() {
        return name + "_view";
    }

    String stagingName() {
        return name + "_staging";
    }

    String pastName() {
        return name + "_past";
    }

    TableDefinition facts() {
        return facts;
    }

    /** A dimension's column in the table. */
    static String column(Dimension dimension) {
        return "_by_" + dimension.name();
    }

    private String structure() {
        List<String> columns = new ArrayList<>();
        columns.add(SqlText.name(BUCKET) + " DateTime('UTC')");
        for (Dimension dimension : dimensions) {
            columns.add(SqlText.name(column(dimension)) + " "
                    + column(dimension, fact).type().sql());
        }
        states.forEach(state -> columns.add(SqlText.name(state.column()) + " " + state.columnType()));
        return columns.stream().collect(Collectors.joining(",\n    ", "\n(\n    ", "\n)"));
    }

    private String body() {
        String key = Stream.concat(Stream.of(BUCKET), dimensions.stream().map(Rollup::column))
                .map(SqlText::name)
                .collect(Collectors.joining(", "));
        String ttl = facts.ttl()
                .map(kept -> "\nTTL " + SqlText.name(BUCKET) + " + toIntervalSecond("
                        + kept.plus(TimeSql.STEP).toSeconds() + ")")
                .orElse("");
        return "\nENGINE = AggregatingMergeTree\nPARTITION BY toYYYYMM(" + SqlText.name(BUCKET) + ")\nORDER BY (" + key
                + ")" + ttl + "\nSETTINGS non_replicated_deduplication_window = " + DEDUPLICATION_WINDOW
                + ", allow_nullable_key = 1";
    }

    private String select(String condition) {
        String time = "f." + SqlText.name(TableDefinition.EVENT_TIME);
        List<String> columns = new ArrayList<>();
        List<String> keys = new ArrayList<>(List.of(SqlText.name(BUCKET)));
        columns.add(TimeSql.step(time) + " AS " + SqlText.name(BUCKET));
        for (Dimension dimension : dimensions) {
            columns.add(Aggregation.column(column(dimension, fact)) + " AS " + SqlText.name(column(dimension)));
            keys.add(SqlText.name(column(dimension)));
        }
        states.forEach(state -> columns.add(state.state() + " AS " + SqlText.name(state.column())));
        return "SELECT\n    " + String.join(",\n    ", columns) + "\nFROM " + factsTable() + " AS f\nWHERE "
                + TimeSql.between(time, MetricQuery.MIN, MetricQuery.MAX)
                + (condition.isEmpty() ? "" : "\n    AND " + condition) + "\nGROUP BY " + String.join(", ", keys);
    }

    static Column column(Dimension dimension, EventDefinition fact) {
        return dimension
                .column(fact)
                .orElseThrow(() -> new IllegalStateException(fact.name() + " has no dimension " + dimension.name()));
    }

    /** Whether it is made of the same; what it is called says so. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Rollup rollup && table().equals(rollup.table());
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "Rollup[" + database() + "." + name + "]";
    }
}
