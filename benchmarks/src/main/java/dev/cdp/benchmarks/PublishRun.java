package dev.cdp.benchmarks;

import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * One peer's turn, in a JVM of its own, measured once the compiler has nothing left to do. Prints one line of numbers
 * for {@link PublishBenchmark}.
 */
public final class PublishRun {

    private static final PrintStream OUT = System.out;

    private static final int WARM_UP = 100_000;
    private static final int MAX_WARM_UPS = 10;

    private PublishRun() {}

    /** Arguments: the peer, how many events, then Kafka properties as {@code name=value}. */
    public static void main(String[] args) {
        PublishPeer peer = PublishPeer.valueOf(args[0]);
        int events = Integer.parseInt(args[1]);
        Map<String, Object> kafka = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            kafka.put(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        Publishing publishing = peer.connect(kafka, new PublishEvents());
        long warmedUp = warmUp(publishing);
        double[] before = totals();
        publish(publishing, events);
        double[] after = totals();
        long acknowledged = publishing.close();
        if (acknowledged != warmedUp + events) {
            throw new IllegalStateException(
                    peer + ": " + acknowledged + " of " + (warmedUp + events) + " acknowledged");
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < after.length; i++) {
            line.append((after[i] - before[i]) / events).append(' ');
        }
        OUT.println(line);
        // A peer's threads may go on.
        System.exit(0);
    }

    /** Publishes until the compiler is busy for less than a twentieth of the time; how many events that took. */
    private static long warmUp(Publishing publishing) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        for (int batch = 1; ; batch++) {
            long start = System.nanoTime();
            long compiled = compiler.getTotalCompilationTime();
            publish(publishing, WARM_UP);
            double busy = (compiler.getTotalCompilationTime() - compiled) * 1e6 / (System.nanoTime() - start);
            if (busy < 0.05 || batch == MAX_WARM_UPS) {
                return (long) batch * WARM_UP;
            }
        }
    }

    private static void publish(Publishing publishing, int events) {
        for (int i = 0; i < events; i++) {
            publishing.publish(i % PublishEvents.COUNT);
        }
        publishing.flush();
    }

    /** Nanoseconds of wall time, of CPU time of all threads, the process and this thread; bytes allocated, bytes sent. */
    private static double[] totals() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] all = threads.getAllThreadIds();
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(all)) {
            allocated += Math.max(0, bytes);
        }
        long cpu = 0;
        for (long nanos : threads.getThreadCpuTime(all)) {
            cpu += Math.max(0, nanos);
        }
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new double[] {
            System.nanoTime(),
            cpu,
            process.getProcessCpuTime(),
            threads.getCurrentThreadCpuTime(),
            allocated,
            bytesSent()
        };
    }

    /** What Kafka's producer has put on the wire, by the metric that it publishes itself. */
    private static double bytesSent() {
        try {
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            double sum = 0;
            for (ObjectName name :
                    beans.queryNames(new ObjectName("kafka.producer:type=producer-metrics,client-id=*"), null)) {
                sum += (Double) beans.getAttribute(name, "outgoing-byte-total");
            }
            return sum;
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
