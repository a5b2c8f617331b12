package dev.cdp.clickhouse.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Condition;
import dev.cdp.core.catalog.Dimension;
import dev.cdp.core.catalog.Metric;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;

/** Turns questions about a catalog's metrics into SQL. Thread-safe. */
public final class MetricCompiler {

    private final Catalog catalog;
    private final RollupPlan plan;

    private MetricCompiler(Catalog catalog) {
        this.catalog = catalog;
        this.plan = RollupPlan.of(catalog);
    }

    /** A compiler for the metrics of that catalog. */
    public static MetricCompiler of(Catalog catalog) {
        return new MetricCompiler(Objects.requireNonNull(catalog, "catalog"));
    }

    /** The rollups that could be read. */
    public RollupPlan plan() {
        return plan;
    }

    /**
     * The SELECT that answers a question from tables of facts alone.
     *
     * @throws MetricQueryException for a question that the metric cannot answer
     */
    public MetricSql fromFacts(MetricQuery query) {
        return compile(query, Set.of());
    }

    /**
     * The SELECT that answers a question, from rollups wherever one fits. Both ways give the same numbers.
     *
     * @param ready the rollups that there are, with all facts in them
     * @throws MetricQueryException for a question that the metric cannot answer
     */
    public MetricSql compile(MetricQuery query, Collection<Rollup> ready) {
        return new Compilation(query, Set.copyOf(ready)).sql();
    }

    /** One question being compiled. */
    private final class Compilation {

        private final MetricQuery query;
        private final Set<Rollup> ready;
        private final Metric metric;
        private final List<Dimension> by;
        private final Set<String> reads = new LinkedHashSet<>();
        private final Set<String> notes = new LinkedHashSet<>();

        Compilation(MetricQuery query, Set<Rollup> ready) {
            this.query = query;
            this.ready = ready;
            this.metric = catalog.metric(query.metric())
                    .orElseThrow(() -> new MetricQueryException("there is no metric '" + query.metric()
                            + "' in catalog " + catalog.name() + "; 'metrics ls' names them"));
            this.by = query.by().stream().map(this::dimension).toList();
            boolean uneven = query.grain().filter(Grain.HOUR::equals).isPresent()
                    && !TimeSql.wholeHours(query.zone(), query.from(), query.to());
            if (uneven) {
                throw new MetricQueryException("hours in " + query.zone() + ": its clocks change by a part of an hour"
                        + " within the range, so that not every hour is one; ask for days, or for hours in UTC");
            }
        }

        MetricSql sql() {
            String select = relation(metric);
            String order = by.isEmpty() && query.grainOrNull() == null ? "" : "\nORDER BY " + String.join(", ", keys());
            List<String> columns = new ArrayList<>(names());
            columns.add(metric.name());
            return new MetricSql(select + order, columns, List.copyOf(reads), List.copyOf(notes));
        }

        private Dimension dimension(String name) {
            return metric.by().stream()
                    .filter(dimension -> dimension.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new MetricQueryException("metric '" + metric.name() + "' may not be sliced by '"
                            + name + "'; it may be by "
                            + (metric.by().isEmpty()
                                    ? "nothing"
                                    : metric.by().stream().map(Dimension::name).collect(Collectors.joining(", ")))));
        }

        /** {@code time} where there is a grain, and the dimensions. */
        private List<String> names() {
            Stream<String> time = query.grain().stream().map(grain -> "time");
            return Stream.concat(time, by.stream().map(Dimension::name)).toList();
        }

        private List<String> keys() {
            return names().stream().map(SqlText::name).toList();
        }

        /** A SELECT of time, dimensions and the metric. */
        private String relation(Metric of) {
            if (of instanceof Metric.Ratio ratio) {
                return ratio(ratio);
            }
            return of instanceof Metric.Cumulative cumulative
                    ? cumulative(cumulative)
                    : aggregate((Metric.Aggregate) of, of.name(), query.from());
        }

        private String aggregate(Metric.Aggregate of, String name, Instant from) {
            Aggregation aggregation = Aggregation.of(of);
            Source source = source(aggregation, from, query.to());
            List<String> columns = new ArrayList<>();
            List<String> groups = new ArrayList<>();
            query.grain().ifPresent(grain -> {
                String bucket = TimeSql.bucket(source.time(), grain, query.zone());
                columns.add(bucket + " AS `time`");
                groups.add(bucket);
            });
            for (Dimension dimension : by) {
                String column = source.dimension().apply(dimension);
                columns.add(column + " AS " + SqlText.name(dimension.name()));
                groups.add(column);
            }
            String value = aggregation.value(source.state());
            boolean one = groups.isEmpty();
            if (one && !aggregation.zeroWithoutFacts()) {
                value = "if(" + source.state().apply(aggregation.matching()) + " = 0, NULL, " + value + ")";
            }
            columns.add(value + " AS " + SqlText.name(name));
            return "SELECT\n    " + String.join(",\n    ", columns) + source.rows()
                    + (one ? "" : "\nGROUP BY " + String.join(", ", groups) + source.having(aggregation));
        }

        /** Each part is one row of a group, so that max() is its number, or NULL where it has none. */
        private String ratio(Metric.Ratio ratio) {
            String keys = keys().stream().map(key -> key + ", ").collect(Collectors.joining());
            String none = "CAST(NULL, 'Nullable(Float64)')";
            String numerator = part(ratio.numerator(), "toFloat64(%s) AS `_numerator`, " + none + " AS `_denominator`");
            String denominator = part(ratio.denominator(), none + ", toFloat64(%s)");
            String top = zeroWithoutFacts(ratio.numerator()) ? "ifNull(max(`_numerator`), 0)" : "max(`_numerator`)";
            return "SELECT " + keys + top + " / nullIf(max(`_denominator`), 0) AS " + SqlText.name(ratio.name())
                    + "\nFROM (\n" + (numerator + "\nUNION ALL\n" + denominator).indent(4) + ")"
                    + (keys.isEmpty() ? "" : "\nGROUP BY " + String.join(", ", keys()));
        }

        private String part(Metric part, String values) {
            String own = by.stream()
                    .map(dimension -> text(dimension)
                            ? "toString(" + SqlText.name(dimension.name()) + ") AS " + SqlText.name(dimension.name())
                            : SqlText.name(dimension.name()))
                    .map(column -> column + ", ")
                    .collect(Collectors.joining());
            String time = query.grain().isPresent() ? "`time`, " : "";
            return "SELECT " + time + own + values.formatted(SqlText.name(part.name())) + "\nFROM (\n"
                    + relation(part).indent(4) + ")";
        }

        /** Whether facts keep a dimension in different types, so that only its text is the same in all of them. */
        private boolean text(Dimension dimension) {
            return facts(metric)
                            .map(fact -> Columns.bare(
                                    Rollup.column(dimension, fact.fact()).type()))
                            .map(ColumnType::sql)
                            .distinct()
                            .count()
                    > 1;
        }

        private Stream<Metric.Aggregate> facts(Metric of) {
            if (of instanceof Metric.Ratio ratio) {
                return Stream.concat(facts(ratio.numerator()), facts(ratio.denominator()));
            }
            return of instanceof Metric.Cumulative cumulative
                    ? facts(cumulative.metric())
                    : Stream.of((Metric.Aggregate) of);
        }

        private static boolean zeroWithoutFacts(Metric of) {
            return !(of instanceof Metric.Aggregate aggregate)
                    ? of instanceof Metric.Cumulative
                    : Aggregation.of(aggregate).zeroWithoutFacts();
        }

        private String cumulative(Metric.Cumulative cumulative) {
            Metric.Aggregate added = (Metric.Aggregate) cumulative.metric();
            Grain grain = query.grainOrNull();
            if (grain == null) {
                return aggregate(added, cumulative.name(), since(cumulative));
            }
            Aggregation aggregation = Aggregation.of(added);
            CumulativeSql running = new CumulativeSql(query, cumulative, grain);
            Source source = source(aggregation, running.from(), query.to());
            List<String> columns = new ArrayList<>();
            by.forEach(dimension ->
                    columns.add(source.dimension().apply(dimension) + " AS " + SqlText.name(dimension.name())));
            columns.add(running.position(source.time()) + " AS `_position`");
            columns.add(aggregation.value(source.state()) + " AS `_added`");
            List<String> groups =
                    new ArrayList<>(by.stream().map(source.dimension()).toList());
            groups.add("`_position`");
            String parts = "SELECT\n    " + String.join(",\n    ", columns) + source.rows() + "\nGROUP BY "
                    + String.join(", ", groups) + source.having(aggregation);
            return running.select(parts, by.stream().map(Dimension::name).toList(), aggregation.additiveType());
        }

        /** Where a single number begins. */
        private Instant since(Metric.Cumulative cumulative) {
            if (cumulative.windowOrNull() == null) {
                return MetricQuery.MIN;
            }
            if (query.to().equals(MetricQuery.MAX)) {
                throw new MetricQueryException(
                        "metric '" + cumulative.name() + "' is summed up to a point in time; say which: it wants 'to'");
            }
            Instant since = CumulativeSql.earlier(query.to(), cumulative.windowOrNull(), query.zone());
            return since.isBefore(MetricQuery.MIN) ? MetricQuery.MIN : since;
        }

        /** The rollup that has all that is asked for, else the facts. */
        private Source source(Aggregation aggregation, Instant from, Instant to) {
            Rollup rollup = plan.rollup(aggregation.metric().name()).orElse(null);
            String why = rollup == null
                    ? aggregation.refusal().orElse("no rollup is planned")
                    : ready.isEmpty() ? "" : !ready.contains(rollup) ? "its rollup is not there yet" : misfit(from, to);
            if (rollup == null || !why.isEmpty() || ready.isEmpty()) {
                if (!ready.isEmpty()) {
                    notes.add(aggregation.metric().name() + " is read from its facts: " + why);
                }
                return facts(aggregation, from, to);
            }
            reads.add(rollup.database() + "." + rollup.name());
            Function<Dimension, String> dimension = d -> "r." + SqlText.name(Rollup.column(d));
            return new Source(
                    rollup.table() + " AS r",
                    "r." + SqlText.name(Rollup.BUCKET),
                    dimension,
                    State::overRollup,
                    from,
                    to,
                    filter(aggregation, dimension),
                    true);
        }

        private String misfit(Instant from, Instant to) {
            if (!TimeSql.onStep(from) || !TimeSql.onStep(to)) {
                return "the range does not begin and end at a quarter of an hour";
            }
            boolean cut = query.grainOrNull() != null;
            return cut && !TimeSql.onStep(query.zone(), from, to)
                    ? query.zone() + " has days within the range that do not begin at a quarter of an hour UTC; name a"
                            + " later 'from'"
                    : "";
        }

        private Source facts(Aggregation aggregation, Instant from, Instant to) {
            TableDefinition table = aggregation.metric().fact().table().orElseThrow();
            reads.add(table.database() + "." + table.name());
            Function<Dimension, String> dimension = d ->
                    Aggregation.column(Rollup.column(d, aggregation.metric().fact()));
            String condition = aggregation.condition().isEmpty() ? "" : "\n    AND " + aggregation.condition();
            return new Source(
                    SqlText.name(table.database(), table.name()) + " AS f",
                    "f." + SqlText.name(TableDefinition.EVENT_TIME),
                    dimension,
                    State::overFacts,
                    from,
                    to,
                    condition + filter(aggregation, dimension),
                    false);
        }

        /** The condition of the question itself, over dimensions. */
        private String filter(Aggregation aggregation, Function<Dimension, String> columns) {
            if (query.where().isEmpty()) {
                return "";
            }
            Function<String, Optional<Column>> named = name -> metric.by().stream()
                    .filter(dimension -> dimension.name().equals(name))
                    .findFirst()
                    .flatMap(dimension -> dimension.column(aggregation.metric().fact()))
                    .map(column -> new Column(name, column.pointer(), column.type(), column.description()));
            try {
                Condition condition = Condition.read(query.where(), named);
                return "\n    AND " + new ConditionSql(column -> columns.apply(dimension(column.name()))).of(condition);
            } catch (IllegalArgumentException e) {
                throw new MetricQueryException(
                        "where: " + e.getMessage() + "; a condition of a query is over the metric's dimensions: "
                                + metric.by().stream().map(Dimension::name).collect(Collectors.joining(", ")),
                        e);
            }
        }
    }

    /**
     * What a metric is read from.
     *
     * @param from a table and its alias
     * @param time the expression of its time
     * @param dimension the expression of a dimension
     * @param state the expression of an aggregate function
     * @param first the first time that counts
     * @param end the first time after it that does not
     * @param condition what else holds for its rows, beginning with {@code AND}, or empty
     */
    private record Source(
            String from,
            String time,
            Function<Dimension, String> dimension,
            Function<State, String> state,
            Instant first,
            Instant end,
            String condition,
            boolean rolledUp) {

        /** {@code FROM} and {@code WHERE}. */
        String rows() {
            return "\nFROM " + from + "\nWHERE " + TimeSql.between(time, first, end) + condition;
        }

        /** Leaves out the groups of a rollup that only facts of other metrics are in. */
        String having(Aggregation aggregation) {
            return rolledUp ? "\nHAVING " + state.apply(aggregation.matching()) + " > 0" : "";
        }
    }
}
