package dev.cdp.core.catalog;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import dev.cdp.core.catalog.YamlNode.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metrics of {@code cdp.yaml}. They may name each other in any order; what is missing because of another
 * problem is not reported a second time.
 */
final class MetricReader {

    private static final int MAX_DEPTH = 20;
    private final AggregateReader aggregates;
    private final Set<String> declaredDimensions;
    private final Map<String, YamlForm> forms = new LinkedHashMap<>();
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final Set<String> started = new HashSet<>();
    private final Set<String> open = new HashSet<>();

    /** {@code declaredDimensions} includes those that could not be read. */
    MetricReader(AggregateReader aggregates, Set<String> declaredDimensions) {
        this.aggregates = aggregates;
        this.declaredDimensions = declaredDimensions;
    }

    /** Every metric that has no problem, in the order of the forms. */
    Map<String, Metric> read(Map<Scalar, YamlForm> all) {
        all.forEach((name, form) -> {
            DimensionReader.checkName(name, form, "metric");
            if (declaredDimensions.contains(name.text())) {
                form.problem(
                        name,
                        "name-clash",
                        "'" + name.text() + "' is a dimension already; in one table both would be one column");
            }
            forms.put(name.text(), form);
        });
        forms.keySet().forEach(name -> metric(name, 0));
        Map<String, Metric> inOrder = new LinkedHashMap<>();
        forms.keySet().forEach(name -> {
            Metric metric = metrics.get(name);
            if (metric != null) {
                inOrder.put(name, metric);
            }
        });
        return inOrder;
    }

    private @Nullable Metric metric(String name, int depth) {
        YamlForm form = forms.get(name);
        if (form == null || !started.add(name)) {
            return metrics.get(name);
        }
        Common common = new Common(
                name,
                Objects.requireNonNullElse(form.text("description"), ""),
                Objects.requireNonNullElse(form.text("owner"), ""),
                Objects.requireNonNullElse(form.text("unit"), ""));
        Metric metric = null;
        long kinds = Stream.of("fact", "ratio", "cumulative")
                .filter(key -> form.node(key) != null)
                .count();
        if (kinds != 1) {
            form.problemAt(
                    "",
                    "metric-form",
                    form.title() + ": expected one of 'fact' (with 'measure'), 'ratio' and 'cumulative', found "
                            + (kinds == 0 ? "none" : "several"));
        } else if (form.node("fact") != null) {
            metric = aggregates.read(form, common);
        } else if (form.node("ratio") != null) {
            metric = ratio(form, common, depth);
        } else {
            metric = cumulative(form, common, depth);
        }
        for (String key :
                List.of("fact", "measure", "of", "quantile", "approximate", "where", "by", "ratio", "cumulative")) {
            form.node(key);
        }
        form.refuseOthers();
        if (metric != null) {
            metrics.put(name, metric);
        }
        return metric;
    }

    private @Nullable Metric ratio(YamlForm form, Common common, int depth) {
        refuse(form, "ratio", "measure", "of", "quantile", "approximate", "where");
        YamlForm parts = form.form("ratio");
        Metric numerator = named(parts, "numerator", common.name, depth);
        Metric denominator = named(parts, "denominator", common.name, depth);
        parts.refuseOthers();
        if (numerator == null || denominator == null) {
            return null;
        }
        List<Dimension> shared =
                numerator.by().stream().filter(denominator.by()::contains).toList();
        List<Dimension> by = among(form, shared, "both " + numerator.name() + " and " + denominator.name());
        return new Metric.Ratio(common.name, common.description, common.owner, common.unit, by, numerator, denominator);
    }

    private @Nullable Metric cumulative(YamlForm form, Common common, int depth) {
        refuse(form, "cumulative", "measure", "of", "quantile", "approximate", "where");
        YamlForm parts = form.form("cumulative");
        Metric metric = named(parts, "metric", common.name, depth);
        Duration window = parts.scalar("window", "a number of days such as 28d, or hours", Defaults::duration);
        parts.refuseOthers();
        if (metric == null) {
            return null;
        }
        if (metric.rollup() != Metric.Rollup.SUM) {
            parts.problemAt(
                    "metric",
                    "metric-not-additive",
                    "metric: '" + metric.name() + "' does not add up, only counts and sums do; the number over a"
                            + " longer time has to be asked for itself");
            return null;
        }
        List<Dimension> by = among(form, metric.by(), metric.name());
        String unit = common.unit.isEmpty() ? metric.unit() : common.unit;
        return new Metric.Cumulative(common.name, common.description, common.owner, unit, by, metric, window);
    }

    private @Nullable Metric named(YamlForm parts, String key, String self, int depth) {
        String name = parts.required(key, "post_views");
        if (name.isEmpty()) {
            return null;
        }
        if (!forms.containsKey(name)) {
            parts.problemAt(
                    key,
                    "unknown-metric",
                    key + ": no metric '" + DidYouMean.shown(name) + "' is declared"
                            + DidYouMean.hint(name, forms.keySet()));
            return null;
        }
        if (open.contains(name) || name.equals(self) || depth >= MAX_DEPTH) {
            parts.problemAt(
                    key,
                    "metric-cycle",
                    key + ": '" + name + "' is made of '" + self + "' itself, or of more than " + MAX_DEPTH
                            + " metrics in a row");
            return null;
        }
        open.add(self);
        Metric metric = metric(name, depth + 1);
        open.remove(self);
        return metric;
    }

    /** The dimensions that {@code by:} picks of those that there are, by default all of them. */
    private static List<Dimension> among(YamlForm form, List<Dimension> there, String whose) {
        List<Scalar> names = form.texts("by");
        if (names == null) {
            return there;
        }
        Map<String, Dimension> byName = new LinkedHashMap<>();
        there.forEach(dimension -> byName.put(dimension.name(), dimension));
        for (Scalar name : names) {
            if (!byName.containsKey(name.text())) {
                form.problem(
                        name,
                        "unreachable-dimension",
                        "by: " + name.kind() + " is no dimension of " + whose
                                + (byName.isEmpty()
                                        ? ", which has none"
                                        : DidYouMean.hint(name.text(), byName.keySet())));
            }
        }
        return names.stream()
                .map(name -> byName.get(name.text()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static void refuse(YamlForm form, String kind, String... keys) {
        for (String key : keys) {
            if (form.node(key) != null) {
                form.problemAt(
                        key,
                        "metric-form",
                        key + ": belongs to a metric with a 'fact', not to a " + kind + "; say it there");
            }
        }
    }

    /** What metrics of every kind say of themselves. */
    record Common(String name, String description, String owner, String unit) {}
}
