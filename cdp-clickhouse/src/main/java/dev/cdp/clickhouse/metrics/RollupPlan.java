package dev.cdp.clickhouse.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Dimension;
import dev.cdp.core.catalog.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The rollups that a catalog's metrics need, as few as do not slice finer than some metric asks: metrics of one fact share
 * a rollup where the dimensions of one include those of the other. Immutable.
 */
public final class RollupPlan {

    private final List<Rollup> rollups;
    private final Map<String, Rollup> byMetric;
    private final Map<String, String> refusals;

    private RollupPlan(List<Rollup> rollups, Map<String, Rollup> byMetric, Map<String, String> refusals) {
        this.rollups = List.copyOf(rollups);
        this.byMetric = Map.copyOf(byMetric);
        this.refusals = Collections.unmodifiableMap(refusals);
    }

    /** The plan for all metrics of a catalog. */
    public static RollupPlan of(Catalog catalog) {
        Map<String, String> refusals = new LinkedHashMap<>();
        Map<String, List<Group>> byFact = new LinkedHashMap<>();
        List<Metric.Aggregate> finestFirst = new ArrayList<>();
        for (Metric metric : catalog.metrics()) {
            String refusal = refusal(metric);
            if (refusal != null) {
                refusals.put(metric.name(), refusal);
            } else if (metric instanceof Metric.Aggregate aggregate) {
                finestFirst.add(aggregate);
            }
        }
        finestFirst.sort(Comparator.comparingInt(metric -> -metric.by().size()));
        for (Metric.Aggregate metric : finestFirst) {
            List<Group> groups = byFact.computeIfAbsent(metric.fact().name(), fact -> new ArrayList<>());
            Group group = groups.stream()
                    .filter(other -> other.dimensions.containsAll(metric.by()))
                    .min(Comparator.comparingInt(other -> other.dimensions.size()))
                    .orElse(null);
            if (group == null) {
                group = new Group(new LinkedHashSet<>(metric.by()));
                groups.add(group);
            }
            group.metrics.add(metric);
        }
        List<Rollup> rollups = new ArrayList<>();
        Map<String, Rollup> byMetric = new LinkedHashMap<>();
        byFact.values()
                .forEach(groups -> groups.forEach(group -> {
                    Rollup rollup = group.rollup();
                    rollups.add(rollup);
                    rollup.metrics().forEach(metric -> byMetric.put(metric, rollup));
                }));
        return new RollupPlan(rollups, byMetric, refusals);
    }

    private static @Nullable String refusal(Metric metric) {
        if (metric instanceof Metric.Aggregate aggregate) {
            return Aggregation.of(aggregate).refusal().orElse(null);
        }
        List<Metric> parts = metric instanceof Metric.Ratio ratio
                ? List.of(ratio.numerator(), ratio.denominator())
                : metric instanceof Metric.Cumulative cumulative ? List.of(cumulative.metric()) : List.of();
        for (Metric part : parts) {
            String refusal = refusal(part);
            if (refusal != null) {
                return "it is made of '" + part.name() + "': " + refusal;
            }
        }
        return null;
    }

    /** Every rollup. */
    public List<Rollup> rollups() {
        return rollups;
    }

    /** The rollup that answers a metric of one fact; none for ratios and cumulative metrics, whose parts have theirs. */
    public Optional<Rollup> rollup(String metric) {
        return Optional.ofNullable(byMetric.get(metric));
    }

    /** Why a metric is only answered by its facts; empty where rollups answer it. */
    public Optional<String> refusal(String metric) {
        return Optional.ofNullable(refusals.get(metric));
    }

    /** The metrics that are only answered by their facts, and why. */
    public Map<String, String> refusals() {
        return refusals;
    }

    /** Metrics that share a rollup; its order is by name, so that a catalog's order makes no other one. */
    private record Group(Set<Dimension> dimensions, List<Metric.Aggregate> metrics) {

        Group(Set<Dimension> dimensions) {
            this(dimensions, new ArrayList<>());
        }

        Rollup rollup() {
            Set<State> states = new LinkedHashSet<>(List.of(State.COUNT));
            for (Metric.Aggregate metric : metrics) {
                Aggregation aggregation = Aggregation.of(metric);
                states.add(aggregation.matching());
                states.addAll(aggregation.parts());
            }
            return new Rollup(
                    metrics.get(0).fact(),
                    dimensions.stream()
                            .sorted(Comparator.comparing(Dimension::name))
                            .toList(),
                    states.stream().sorted(Comparator.comparing(State::column)).toList(),
                    metrics.stream().map(Metric::name).toList());
        }
    }
}
