package dev.cdp.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one event costs to publish.
 *
 * @param wall ns from the first publish to the last acknowledgement, by the number of events
 * @param cpu ns of CPU time of the client's threads; collecting garbage and compiling are not theirs
 * @param processCpu ns of CPU time of the client's process, with all that
 * @param callerCpu ns of CPU time of the thread that publishes
 * @param brokerCpu ns of CPU time of the broker's process
 * @param bytes allocated by all threads of the client
 * @param sent bytes on the wire
 */
record PublishCost(
        double wall, double cpu, double processCpu, double callerCpu, double brokerCpu, double bytes, double sent) {

    /** The median of each number by itself. */
    static PublishCost median(List<PublishCost> costs) {
        return new PublishCost(
                median(costs, PublishCost::wall),
                median(costs, PublishCost::cpu),
                median(costs, PublishCost::processCpu),
                median(costs, PublishCost::callerCpu),
                median(costs, PublishCost::brokerCpu),
                median(costs, PublishCost::bytes),
                median(costs, PublishCost::sent));
    }

    double perSecond() {
        return 1e9 / wall;
    }

    private static double median(List<PublishCost> costs, ToDoubleFunction<PublishCost> number) {
        double[] sorted = costs.stream().mapToDouble(number).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
