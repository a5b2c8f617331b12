package dev.cdp.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;

/**
 * One peer's turn at consuming, in a JVM of its own: so many events or seconds to warm up, then as many measured, while
 * the topic still has more. Prints one line of numbers for {@link ConsumeBenchmark}.
 */
public final class ConsumeRun {

    private static final PrintStream OUT = System.out;

    private static final long GLANCE_NANOS = 1_000_000L;
    private static final long START_NANOS = 30_000_000_000L;

    private ConsumeRun() {}

    /** Arguments: the peer, ms that a handler waits, records in flight, events, seconds, {@code bootstrap.servers}. */
    public static void main(String[] args) {
        ConsumePeer peer = ConsumePeer.valueOf(args[0]);
        int wait = Integer.parseInt(args[1]);
        int inFlight = Integer.parseInt(args[2]);
        long events = Long.parseLong(args[3]);
        long nanos = (long) (Double.parseDouble(args[4]) * 1e9);
        LongAdder handled = new LongAdder();
        Map<String, Object> kafka = Map.of(
                "bootstrap.servers",
                args[5],
                "group.id",
                peer + "-" + ProcessHandle.current().pid(),
                "auto.offset.reset",
                "earliest");
        peer.consume(new ConsumeJob(
                kafka,
                inFlight,
                wait == 0
                        ? handled::increment
                        : () -> {
                            sleep(wait);
                            handled.increment();
                        }));
        if (await(handled, 1, START_NANOS) == 0) {
            throw new IllegalStateException(peer + " has consumed nothing within 30 s");
        }
        await(handled, events, nanos);
        Moment before = Moment.now(handled);
        await(handled, 2 * events, nanos);
        Moment after = Moment.now(handled);
        double counted = after.handled - before.handled;
        OUT.println((after.nanos - before.nanos) / counted
                + " " + after.cpuSince(before).sum() / counted
                + " " + after.cpuSince(before).max().orElse(0) / counted
                + " " + (after.allocated - before.allocated) / counted
                + " " + after.handled);
        Runtime.getRuntime().halt(0);
    }

    /** Returns when so many were handled, or after that time; how many there were. */
    private static long await(LongAdder handled, long events, long nanos) {
        long until = System.nanoTime() + nanos;
        while (handled.sum() < events && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(GLANCE_NANOS);
        }
        return handled.sum();
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Events handled so far, and what the client has used for them; nanoseconds, bytes. */
    private record Moment(long handled, long nanos, Map<Long, Long> cpuOfThreads, long allocated) {

        private static Moment now(LongAdder handled) {
            long count = handled.sum();
            long now = System.nanoTime();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long[] all = threads.getAllThreadIds();
            long allocated = 0;
            for (long bytes : threads.getThreadAllocatedBytes(all)) {
                allocated += Math.max(0, bytes);
            }
            Map<Long, Long> cpu = new HashMap<>();
            long[] nanos = threads.getThreadCpuTime(all);
            for (int i = 0; i < all.length; i++) {
                cpu.put(all[i], Math.max(0, nanos[i]));
            }
            return new Moment(count, now, cpu, allocated);
        }

        private LongStream cpuSince(Moment before) {
            return cpuOfThreads.entrySet().stream()
                    .mapToLong(thread -> thread.getValue() - before.cpuOfThreads.getOrDefault(thread.getKey(), 0L));
        }
    }
}
