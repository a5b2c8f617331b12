package dev.cdp.benchmarks;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** From a payload's bytes to a verdict; an operation is one payload. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ValidationBenchmark {

    private static final int MIN_STEPS = 5;
    private static final int MAX_STEPS = 20;

    /** Who. */
    @Param
    @SuppressWarnings("NullAway.Init") // JMH sets it
    public Peer peer;

    /** What. */
    @Param
    @SuppressWarnings("NullAway.Init") // JMH sets it
    public Workload workload;

    @SuppressWarnings("NullAway.Init") // by warmUp()
    private Subject subject;

    private byte[][] payloads = new byte[0][];
    private int schemas;

    /**
     * Goes on until the compiler has nothing left to do. On a machine with other work its threads may not get to run for
     * seconds, so a time by the clock says nothing.
     */
    @Setup
    public void warmUp(Blackhole blackhole) throws Exception {
        prepare();
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long compiled = -1;
        for (int step = 0; step < MAX_STEPS; step++) {
            long start = cpu();
            while (cpu() - start < TimeUnit.MILLISECONDS.toNanos(500)) {
                blackhole.consume(validate());
            }
            long now = compiler.getTotalCompilationTime();
            if (step >= MIN_STEPS && now - compiled < 20) {
                return;
            }
            compiled = now;
        }
    }

    private void prepare() throws Exception {
        payloads = workload.payloads();
        schemas = workload.schemas().size();
        subject = peer.prepare(workload.schemas());
        for (int i = 0; i < payloads.length; i++) {
            if (peer.judges() && subject.accepts(i % schemas, payloads[i]) != workload.valid()) {
                throw new IllegalStateException(peer + " errs on payload " + i + " of " + workload);
            }
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Every payload once; returns how many were accepted. */
    @Benchmark
    @OperationsPerInvocation(Workload.PAYLOADS)
    public int validate() throws Exception {
        int accepted = 0;
        for (int i = 0; i < payloads.length; i++) {
            accepted += subject.accepts(i % schemas, payloads[i]) ? 1 : 0;
        }
        return accepted;
    }
}
