package dev.cdp.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one event costs to consume.
 *
 * @param wall ns between two events
 * @param cpu ns of CPU time of the client's threads; collecting garbage and compiling are not theirs
 * @param busiestCpu ns of CPU time of the one thread that needs most: with cores enough, no more events than that allows
 * @param bytes allocated by all threads of the client
 * @param brokerCpu ns of CPU time of the broker's process, warming up included
 */
record ConsumeCost(double wall, double cpu, double busiestCpu, double bytes, double brokerCpu) {

    /** The median of each number by itself. */
    static ConsumeCost median(List<ConsumeCost> costs) {
        return new ConsumeCost(
                median(costs, ConsumeCost::wall),
                median(costs, ConsumeCost::cpu),
                median(costs, ConsumeCost::busiestCpu),
                median(costs, ConsumeCost::bytes),
                median(costs, ConsumeCost::brokerCpu));
    }

    double perSecond() {
        return 1e9 / wall;
    }

    private static double median(List<ConsumeCost> costs, ToDoubleFunction<ConsumeCost> number) {
        double[] sorted = costs.stream().mapToDouble(number).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
