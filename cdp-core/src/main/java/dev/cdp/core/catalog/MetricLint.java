package dev.cdp.core.catalog;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.Condition.Comparison;
import dev.cdp.core.catalog.Condition.Literal;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;

/** Looks at dimensions and metrics: what cannot be added up, what nothing is sliced by, and what never counts. */
final class MetricLint {

    private static final Pattern RATIO_NAME = Pattern.compile(
            "(^|_)(ratio|rate|fraction|share|percent|percentage|pct|average|avg|mean|median|score|p[0-9]{2})(_|$)");

    private final Catalog catalog;
    private final CatalogLinter linter;

    MetricLint(Catalog catalog, CatalogLinter linter) {
        this.catalog = catalog;
        this.linter = linter;
    }

    void check() {
        catalog.dimensions().forEach(this::dimension);
        for (Metric metric : catalog.metrics()) {
            undocumented("metrics", metric.name(), metric.description());
            rollup(metric);
            if (metric instanceof Metric.Aggregate aggregate) {
                sumOfRatio(aggregate);
                aggregate.where().ifPresent(where -> never(aggregate, where));
            } else if (metric instanceof Metric.Ratio ratio) {
                ratioOfRatios(ratio);
            }
        }
    }

    private void undocumented(String kind, String name, String description) {
        if (description.isEmpty()) {
            linter.add(LintRule.UNDOCUMENTED, List.of(kind, name), "has no description");
        }
    }

    private void dimension(Dimension dimension) {
        List<String> place = List.of("dimensions", dimension.name());
        undocumented("dimensions", dimension.name(), dimension.description());
        Map<String, String> types = new LinkedHashMap<>();
        for (EventDefinition event : catalog.events()) {
            Column column = dimension.column(event).orElse(null);
            if (column == null) {
                continue;
            }
            ColumnType type = ConditionReader.bare(column.type());
            types.putIfAbsent(type.sql(), event.name());
            if (event.personal(dimension.path())) {
                linter.add(
                        LintRule.PII_DIMENSION,
                        place,
                        dimension.path() + " is tagged x-pii, and every report sliced by it shows its values");
            }
            if (type instanceof ColumnType.Uuid
                    || type instanceof ColumnType.DateTime
                    || type instanceof ColumnType.Real) {
                linter.add(
                        LintRule.DIMENSION_VALUES,
                        place,
                        dimension.path() + " is " + type.sql() + ", which has as many values as there are facts; slice"
                                + " by something coarser");
            }
        }
        if (types.size() > 1) {
            linter.add(
                    LintRule.DIMENSION_TYPES,
                    place,
                    dimension.path() + " is "
                            + types.entrySet().stream()
                                    .map(entry -> entry.getKey() + " in '" + entry.getValue() + "'")
                                    .collect(Collectors.joining(", "))
                            + "; a report over several events wants one type");
        }
    }

    private void rollup(Metric metric) {
        if (metric.rollup() == Metric.Rollup.NONE && !(metric instanceof Metric.Cumulative)) {
            linter.add(
                    LintRule.METRIC_ROLLUP,
                    List.of("metrics", metric.name()),
                    "does not add up: the number of a month is not the sum, nor the mean, of its days' numbers; ask for"
                            + " each grain by itself");
        }
    }

    private void sumOfRatio(Metric.Aggregate metric) {
        Column of = metric.of().orElse(null);
        if (metric.measure() == Measure.SUM
                && of != null
                && RATIO_NAME.matcher(of.name()).find()) {
            linter.add(
                    LintRule.METRIC_SUM_OF_RATIO,
                    List.of("metrics", metric.name(), "of"),
                    "of: " + of.pointer() + " seems to be a ratio or a mean itself, and a sum of those means nothing;"
                            + " take 'measure: avg', or sum what it was made of");
        }
    }

    private void ratioOfRatios(Metric.Ratio ratio) {
        for (Metric part : List.of(ratio.numerator(), ratio.denominator())) {
            if (part instanceof Metric.Ratio) {
                linter.add(
                        LintRule.METRIC_RATIO_OF_RATIOS,
                        List.of("metrics", ratio.name(), "ratio"),
                        "ratio: '" + part.name() + "' is a ratio itself; divide what both are made of");
            }
        }
    }

    private void never(Metric.Aggregate metric, Condition condition) {
        if (condition instanceof Condition.And and) {
            and.all().forEach(part -> never(metric, part));
        } else if (condition instanceof Condition.Or or) {
            or.any().forEach(part -> never(metric, part));
        } else if (condition instanceof Condition.Not not) {
            never(metric, not.condition());
        } else if (condition instanceof Condition.In in) {
            in.values().forEach(value -> never(metric, in.column(), value));
        } else if (condition instanceof Comparison comparison
                && (comparison.operator() == Condition.Operator.EQUAL
                        || comparison.operator() == Condition.Operator.NOT_EQUAL)) {
            never(metric, comparison.column(), comparison.value());
        }
    }

    private void never(Metric.Aggregate metric, Column column, Literal literal) {
        String text = literal instanceof Literal.Text t
                ? t.value()
                : literal instanceof Literal.Numeric n ? plain(n.value()) : "";
        boolean known = text.isEmpty();
        Set<String> all = new java.util.LinkedHashSet<>();
        for (var schema : metric.fact().versions().values()) {
            Set<String> values = linter.linter(schema).values(column.pointer()).orElse(Set.of());
            known |= values.contains(text) || (values.isEmpty() && schema.declares(column.pointer()));
            all.addAll(values);
        }
        if (!known && !all.isEmpty()) {
            linter.add(
                    LintRule.METRIC_NEVER,
                    List.of("metrics", metric.name(), "where"),
                    "where: " + column.name() + " is never '" + DidYouMean.shown(text) + "'"
                            + DidYouMean.hint(text, all));
        }
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
