package dev.cdp.clickhouse.metrics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.Measure;
import dev.cdp.core.catalog.Metric;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * How facts become one number: the aggregate functions that it is made of. Facts without the aggregated field do not
 * count, so no number of a group is NULL.
 *
 * @param metric what it compiles
 * @param condition which facts count, over a table of facts {@code f}; empty for all
 * @param matching how many facts count
 * @param parts what {@code value} is made of
 * @see <a href="https://clickhouse.com/docs/sql-reference/aggregate-functions/combinators">Combinators</a>
 */
record Aggregation(Metric.Aggregate metric, String condition, State matching, List<State> parts) {

    /** The relative error of an approximate quantile. */
    private static final String QUANTILE_ACCURACY = "0.01";

    static Aggregation of(Metric.Aggregate metric) {
        Column of = metric.ofOrNull();
        List<String> conditions = new ArrayList<>();
        metric.where().ifPresent(where -> conditions.add(new ConditionSql(Aggregation::column).of(where)));
        if (of != null && of.optional()) {
            conditions.add(column(of) + " IS NOT NULL");
        }
        String condition = conditions.isEmpty() ? "" : "ifNull(" + String.join(" AND ", conditions) + ", false)";
        State matching = condition.isEmpty() ? State.COUNT : new State("count", "", "", "", condition, "");
        List<State> parts = switch (metric.measure()) {
            case COUNT -> List.of(matching);
            case SUM -> List.of(state("sum", "", of, condition));
            case AVG -> List.of(state("sum", "", of, condition), matching);
            case MIN -> List.of(state("min", "", of, condition));
            case MAX -> List.of(state("max", "", of, condition));
            case DISTINCT -> List.of(state(exact(metric) ? "uniqExact" : "uniqCombined64", "", of, condition));
            case QUANTILE ->
                List.of(state(exact(metric) ? "quantileExact" : "quantileDD", parameters(metric), of, condition));
        };
        return new Aggregation(metric, condition, matching, parts);
    }

    private static boolean exact(Metric.Aggregate metric) {
        return metric.precision() == Metric.Precision.EXACT;
    }

    private static String parameters(Metric.Aggregate metric) {
        String level = new BigDecimal(String.valueOf(metric.level())).toPlainString();
        return exact(metric) ? "(" + level + ")" : "(" + QUANTILE_ACCURACY + ", " + level + ")";
    }

    /** A column of a table of facts {@code f}. */
    static String column(Column column) {
        return "f." + SqlText.name(column.name());
    }

    private static State state(String function, String parameters, @Nullable Column of, String condition) {
        if (of == null) {
            throw new IllegalStateException(function + " aggregates no column");
        }
        ColumnType type = Columns.bare(of.type());
        String argument = of.optional() ? "assumeNotNull(" + column(of) + ")" : column(of);
        ColumnType unwrapped = of.type() instanceof ColumnType.Nullable nullable ? nullable.element() : of.type();
        if (!unwrapped.equals(type)) {
            argument = "CAST(" + argument + ", " + SqlText.text(type.sql()) + ")";
        }
        String stored = stored(function, type);
        if (!stored.equals(type.sql())) {
            argument = "to" + stored + "(" + argument + ")";
        }
        return new State(function, parameters, argument, stored, condition, of.name());
    }

    /**
     * What a state is made of. A narrow integer's is that of a wide one, so that a view still fits when its column is
     * widened; a sum of 64-bit numbers would wrap around, and one of narrow floats lose digits.
     */
    private static String stored(String function, ColumnType type) {
        if (type instanceof ColumnType.Int integer) {
            return integer.bits() < 64 ? "Int64" : function.equals("sum") ? "Int128" : type.sql();
        }
        boolean real = type instanceof ColumnType.Real && function.equals("sum");
        boolean sketched = type instanceof ColumnType.Decimal && function.equals("quantileDD");
        return real || sketched ? "Float64" : type.sql();
    }

    /** The type of a count's or a sum's value. */
    String additiveType() {
        if (metric.measure() == Measure.COUNT) {
            return "UInt64";
        }
        State summed = parts.get(0);
        if (metric.of().map(column -> Columns.bare(column.type())).orElseThrow()
                instanceof ColumnType.Decimal decimal) {
            return "Decimal(38, " + decimal.scale() + ")";
        }
        return summed.type();
    }

    /** Its number, each state written by {@code state}. */
    String value(Function<State, String> state) {
        return metric.measure() == Measure.AVG
                ? "toFloat64(" + state.apply(parts.get(0)) + ") / " + state.apply(parts.get(1))
                : state.apply(parts.get(0));
    }

    /** Whether no facts make the number 0, and not none. */
    boolean zeroWithoutFacts() {
        return metric.measure() == Measure.COUNT
                || metric.measure() == Measure.SUM
                || metric.measure() == Measure.DISTINCT;
    }

    /** Why no rollup keeps it; empty where one does. */
    Optional<String> refusal() {
        if (exact(metric) && metric.measure() == Measure.DISTINCT) {
            return Optional.of("an exact distinct count holds every value that it has seen, so its rollup would grow as"
                    + " the facts do; with 'approximate: true' it can be rolled up");
        }
        if (exact(metric) && metric.measure() == Measure.QUANTILE) {
            return Optional.of("an exact quantile holds every value, so its rollup would be as large as the facts; with"
                    + " 'approximate: true' it can be rolled up");
        }
        return Optional.empty();
    }
}
