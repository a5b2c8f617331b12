package dev.cdp.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What one event costs to load, in ns: wall time, CPU time of the client's process, CPU time of the server's. */
record LoadCost(double wall, double client, double server) {

    /** The median of each number by itself. */
    static LoadCost median(List<LoadCost> costs) {
        return new LoadCost(
                median(costs, LoadCost::wall), median(costs, LoadCost::client), median(costs, LoadCost::server));
    }

    double both() {
        return client + server;
    }

    private static double median(List<LoadCost> costs, ToDoubleFunction<LoadCost> number) {
        double[] sorted = costs.stream().mapToDouble(number).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
