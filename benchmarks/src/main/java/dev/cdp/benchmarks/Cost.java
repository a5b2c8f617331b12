package dev.cdp.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** What one operation costs: wall time and CPU time in ns, bytes allocated. */
record Cost(double wall, double cpu, double bytes) {

    /** Runs the one benchmark that the options name, in a JVM of its own. */
    static Cost measure(ChainedOptionsBuilder options) {
        try {
            Collection<RunResult> results =
                    new Runner(options.addProfiler(WorkerCost.class).build()).run();
            RunResult result = results.iterator().next();
            var more = result.getSecondaryResults();
            return new Cost(
                    result.getPrimaryResult().getScore(),
                    Objects.requireNonNull(more.get(WorkerCost.CPU)).getScore(),
                    Objects.requireNonNull(more.get(WorkerCost.BYTES)).getScore());
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The median of each number by itself. */
    static Cost median(List<Cost> costs) {
        return new Cost(median(costs, Cost::wall), median(costs, Cost::cpu), median(costs, Cost::bytes));
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> number) {
        double[] sorted = costs.stream().mapToDouble(number).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
