package dev.cdp.cli.metrics;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.clickhouse.metrics.RollupPlan;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Dimension;
import dev.cdp.core.catalog.Metric;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the metrics of a catalog. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists the metrics of a catalog: what each is, by what, and why no rollup answers it.")
final class ListCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogOption catalogOption;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Catalog catalog = catalogOption.load();
        RollupPlan plan = RollupPlan.of(catalog);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            List<Map<String, Object>> metrics =
                    catalog.metrics().stream().map(metric -> row(metric, plan)).toList();
            out.println(JsonOutput.of(Map.of("metrics", metrics)));
        } else {
            catalog.metrics().forEach(metric -> print(metric, plan, out));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(Metric metric, RollupPlan plan, PrintWriter out) {
        out.println(metric.name() + (metric.unit().isEmpty() ? "" : " [" + metric.unit() + "]") + ": "
                + metric.description());
        out.println("    " + definition(metric)
                + (metric.by().isEmpty() ? "" : ", by " + String.join(", ", dimensions(metric))));
        plan.refusal(metric.name()).ifPresent(reason -> out.println("    not rolled up: " + reason));
    }

    private static Map<String, Object> row(Metric metric, RollupPlan plan) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", metric.name());
        row.put("description", metric.description());
        row.put("owner", metric.owner());
        row.put("unit", metric.unit());
        row.put("definition", definition(metric));
        row.put("by", dimensions(metric));
        plan.refusal(metric.name()).ifPresent(reason -> row.put("not_rolled_up", reason));
        return row;
    }

    private static String definition(Metric metric) {
        if (metric instanceof Metric.Ratio ratio) {
            return ratio.numerator().name() + " / " + ratio.denominator().name();
        }
        if (metric instanceof Metric.Cumulative cumulative) {
            return "cumulative " + cumulative.metric().name()
                    + cumulative
                            .window()
                            .map(window -> " over " + window.toHours() + " h")
                            .orElse("");
        }
        Metric.Aggregate aggregate = (Metric.Aggregate) metric;
        return (aggregate.precision() == Metric.Precision.APPROXIMATE ? "approximate " : "")
                + aggregate.measure().name().toLowerCase(Locale.ROOT)
                + (aggregate.level() > 0 ? " " + aggregate.level() : "")
                + aggregate.of().map(column -> " of " + column.pointer()).orElse("") + " over "
                + aggregate.fact().name() + (aggregate.where().isPresent() ? ", filtered" : "");
    }

    private static List<String> dimensions(Metric metric) {
        return metric.by().stream().map(Dimension::name).collect(Collectors.toList());
    }
}
