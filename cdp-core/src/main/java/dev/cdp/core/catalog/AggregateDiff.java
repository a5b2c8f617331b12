package dev.cdp.core.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import dev.cdp.core.catalog.Impact.Thing;
import dev.cdp.core.catalog.Impact.Weight;
import dev.cdp.core.schema.Column;

/** Compares the dimensions and metrics of two catalogs, and tells which of them a change of an event touches. */
final class AggregateDiff {

    private final Catalog older;
    private final Catalog newer;

    AggregateDiff(Catalog older, Catalog newer) {
        this.older = older;
        this.newer = newer;
    }

    /** What was added, removed or changed itself. */
    List<Impact> impacts() {
        List<Impact> impacts = new ArrayList<>();
        compare(
                Thing.DIMENSION,
                byName(older.dimensions(), Dimension::name),
                byName(newer.dimensions(), Dimension::name),
                Dimension::path,
                impacts);
        compare(
                Thing.METRIC,
                byName(older.metrics(), Metric::name),
                byName(newer.metrics(), Metric::name),
                AggregateDiff::definition,
                impacts);
        impacts.sort(CatalogDiff.GRAVEST_FIRST);
        return impacts;
    }

    private static <T> Map<String, T> byName(Collection<T> all, Function<T, String> name) {
        Map<String, T> map = new LinkedHashMap<>();
        all.forEach(one -> map.put(name.apply(one), one));
        return map;
    }

    private static <T> void compare(
            Thing kind, Map<String, T> before, Map<String, T> after, Function<T, String> says, List<Impact> impacts) {
        after.forEach((name, now) -> {
            T was = before.get(name);
            if (was == null) {
                impacts.add(new Impact(Weight.SAFE, kind, name, "it is new"));
            } else if (!says.apply(was).equals(says.apply(now))) {
                impacts.add(new Impact(
                        Weight.CARE,
                        kind,
                        name,
                        "it is defined in another way, " + says.apply(was) + " → " + says.apply(now)
                                + ": numbers of before and after do not compare"));
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name ->
                        impacts.add(new Impact(Weight.BREAKING, kind, name, "it is gone; whoever asks for it fails")));
    }

    /** What a metric says, in words that are equal when it says the same. */
    private static String definition(Metric metric) {
        if (metric instanceof Metric.Aggregate aggregate) {
            return aggregate.measure().word()
                    + aggregate.of().map(column -> " of " + column.pointer()).orElse("")
                    + (aggregate.precision() == Metric.Precision.APPROXIMATE ? ", approximately," : "")
                    + (aggregate.level() > 0 ? " at " + aggregate.level() : "")
                    + " over " + aggregate.fact().name()
                    + aggregate.where().map(where -> " where " + words(where)).orElse("")
                    + by(metric);
        }
        if (metric instanceof Metric.Ratio ratio) {
            return ratio.numerator().name() + " by " + ratio.denominator().name() + by(metric);
        }
        if (metric instanceof Metric.Cumulative cumulative) {
            return "sum of " + cumulative.metric().name()
                    + cumulative.window().map(window -> " over " + window).orElse("")
                    + by(metric);
        }
        return metric.toString();
    }

    private static String by(Metric metric) {
        return metric.by().isEmpty()
                ? ""
                : " by "
                        + String.join(
                                ", ", metric.by().stream().map(Dimension::name).toList());
    }

    /** A condition by the fields that it looks at, so that a column's type does not count. */
    private static String words(Condition condition) {
        if (condition instanceof Condition.And and) {
            return "("
                    + String.join(
                            " and ",
                            and.all().stream().map(AggregateDiff::words).toList()) + ")";
        }
        if (condition instanceof Condition.Or or) {
            return "("
                    + String.join(
                            " or ", or.any().stream().map(AggregateDiff::words).toList()) + ")";
        }
        if (condition instanceof Condition.Not not) {
            return "not " + words(not.condition());
        }
        if (condition instanceof Condition.Comparison comparison) {
            return comparison.column().name() + " " + comparison.operator().sql() + " " + words(comparison.value());
        }
        if (condition instanceof Condition.In in) {
            return in.column().name() + " in ("
                    + String.join(
                            ", ", in.values().stream().map(AggregateDiff::words).toList()) + ")";
        }
        return condition instanceof Condition.IsNull isNull
                ? isNull.column().name() + " is null"
                : condition.toString();
    }

    private static String words(Condition.Literal literal) {
        if (literal instanceof Condition.Literal.Text text) {
            return "'" + text.value() + "'";
        }
        return literal instanceof Condition.Literal.Numeric number
                ? number.value().toPlainString()
                : String.valueOf(literal instanceof Condition.Literal.Truth truth && truth.value());
    }

    /** The dimensions and metrics that look at one of those fields of an event. */
    Touched touchedBy(EventDefinition event, Set<String> fields) {
        List<Impact> impacts = new ArrayList<>();
        List<String> dimensions = new ArrayList<>();
        for (Dimension dimension : newer.dimensions()) {
            if (dimension.column(event).isPresent() && meets(fields, dimension.path())) {
                dimensions.add(dimension.name());
                impacts.add(new Impact(
                        Weight.CARE,
                        Thing.DIMENSION,
                        dimension.name(),
                        "what '" + event.name() + "' has at " + dimension.path()
                                + " changed: it may have other values, or none, than before"));
            }
        }
        List<String> metrics = new ArrayList<>();
        for (Metric metric : newer.metrics()) {
            if (touches(metric, event, fields, dimensions)) {
                metrics.add(metric.name());
                impacts.add(new Impact(
                        Weight.CARE,
                        Thing.METRIC,
                        metric.name(),
                        "it looks at fields of '" + event.name() + "' that changed"));
            }
        }
        return new Touched(dimensions, metrics, impacts);
    }

    private static boolean touches(Metric metric, EventDefinition event, Set<String> fields, List<String> dimensions) {
        if (metric instanceof Metric.Ratio ratio) {
            return touches(ratio.numerator(), event, fields, dimensions)
                    || touches(ratio.denominator(), event, fields, dimensions);
        }
        if (metric instanceof Metric.Cumulative cumulative) {
            return touches(cumulative.metric(), event, fields, dimensions);
        }
        if (!(metric instanceof Metric.Aggregate aggregate)
                || !aggregate.fact().name().equals(event.name())) {
            return false;
        }
        List<Column> columns = new ArrayList<>();
        aggregate.of().ifPresent(columns::add);
        aggregate.where().ifPresent(where -> columns(where, columns));
        return columns.stream().anyMatch(column -> meets(fields, column.pointer()))
                || metric.by().stream().anyMatch(dimension -> dimensions.contains(dimension.name()));
    }

    private static void columns(Condition condition, List<Column> columns) {
        if (condition instanceof Condition.And and) {
            and.all().forEach(part -> columns(part, columns));
        } else if (condition instanceof Condition.Or or) {
            or.any().forEach(part -> columns(part, columns));
        } else if (condition instanceof Condition.Not not) {
            columns(not.condition(), columns);
        } else if (condition instanceof Condition.Comparison comparison) {
            columns.add(comparison.column());
        } else if (condition instanceof Condition.In in) {
            columns.add(in.column());
        } else if (condition instanceof Condition.IsNull isNull) {
            columns.add(isNull.column());
        }
    }

    /** Whether one of the fields is that one, stands in it, or holds it. */
    private static boolean meets(Set<String> fields, String pointer) {
        return fields.stream()
                .filter(Objects::nonNull)
                .anyMatch(field -> !field.isEmpty()
                        && (field.equals(pointer)
                                || field.startsWith(pointer + "/")
                                || pointer.startsWith(field + "/")));
    }

    /** What a change of an event touches. */
    record Touched(List<String> dimensions, List<String> metrics, List<Impact> impacts) {}
}
