package dev.cdp.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.List;

import com.sun.management.ThreadMXBean;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What an operation costs the thread that runs it: CPU time and bytes allocated. Garbage collection and compilation are
 * other threads' time.
 */
public final class WorkerCost implements InternalProfiler {

    static final String CPU = "cpu";
    static final String BYTES = "bytes";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long cpuBefore;
    private long bytesBefore;

    @Override
    public String getDescription() {
        return "CPU time and bytes allocated by the worker thread";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        long[] totals = totals();
        cpuBefore = totals[0];
        bytesBefore = totals[1];
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long[] totals = totals();
        double operations = result.getMetadata().getAllOps();
        return List.of(
                new ScalarResult(CPU, (totals[0] - cpuBefore) / operations, "ns/op", AggregationPolicy.AVG),
                new ScalarResult(BYTES, (totals[1] - bytesBefore) / operations, "B/op", AggregationPolicy.AVG));
    }

    private long[] totals() {
        long cpu = 0;
        long bytes = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("jmh-worker")) {
                cpu += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
                bytes += Math.max(0, threads.getThreadAllocatedBytes(thread.getThreadId()));
            }
        }
        return new long[] {cpu, bytes};
    }
}
