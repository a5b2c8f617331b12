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

/** From a payload's bytes to a row's; an operation is one event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RowBenchmark {

    private static final int MIN_STEPS = 5;
    private static final int MAX_STEPS = 20;

    /** Who. */
    @Param
    @SuppressWarnings("NullAway.Init") // JMH sets it
    public RowPeer peer;

    @SuppressWarnings("NullAway.Init") // by warmUp()
    private RowSubject subject;

    /** Goes on until the compiler has nothing left to do, as {@link ValidationBenchmark} does. */
    @Setup
    public void warmUp(Blackhole blackhole) throws Exception {
        subject = peer.prepare(Workload.EVENT.payloads());
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long compiled = -1;
        for (int step = 0; step < MAX_STEPS; step++) {
            long start = cpu();
            while (cpu() - start < TimeUnit.MILLISECONDS.toNanos(500)) {
                blackhole.consume(rows());
            }
            long now = compiler.getTotalCompilationTime();
            if (step >= MIN_STEPS && now - compiled < 20) {
                return;
            }
            compiled = now;
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** A row of every payload; returns their bytes. */
    @Benchmark
    @OperationsPerInvocation(Workload.PAYLOADS)
    public long rows() throws Exception {
        long bytes = 0;
        for (int i = 0; i < Workload.PAYLOADS; i++) {
            bytes += subject.row(i);
        }
        return bytes;
    }
}
