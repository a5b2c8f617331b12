package dev.cdp.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one event costs to load.
 *
 * @param wall ns between two events
 * @param client ns of CPU time of the client's threads; collecting garbage and compiling are not theirs
 * @param allocated bytes, by all threads of the client
 * @param server ns of CPU time of the server's process
 */
record LoadCost(double wall, double client, double allocated, double server) {

    /** The median of each number by itself. */
    static LoadCost median(List<LoadCost> costs) {
        return new LoadCost(
                median(costs, LoadCost::wall),
                median(costs, LoadCost::client),
                median(costs, LoadCost::allocated),
                median(costs, LoadCost::server));
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
