package dev.cdp.cli.metrics;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.clickhouse.metrics.Rollup;
import dev.cdp.clickhouse.metrics.RollupPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the rollups that a catalog's metrics need. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the SQL of the rollups that the metrics need, and which metrics cannot be rolled up and why.",
            "'metrics apply' also fills in facts from before, which this SQL by itself does not."
        })
final class PlanCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogOption catalog;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        RollupPlan plan = RollupPlan.of(catalog.load());
        PrintWriter out = spec.commandLine().getOut();
        for (Rollup rollup : plan.rollups()) {
            out.println(rollup.createTable() + ";\n");
            out.println(rollup.createView() + ";\n");
        }
        plan.refusals().forEach((metric, reason) -> out.println("-- " + metric + " is not rolled up: " + reason));
        out.println(
                "-- " + plan.rollups().size() + " rollups; " + plan.refusals().size() + " metrics without one");
        out.flush();
        return ExitCode.OK;
    }
}
