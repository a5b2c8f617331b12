package dev.cdp.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * One peer's turn, in a JVM of its own: as many events to warm up as are then measured. Prints one line of numbers for
 * {@link PublishBenchmark}.
 */
public final class PublishRun {

    private static final PrintStream OUT = System.out;

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
        publish(publishing, events);
        double[] before = totals();
        publish(publishing, events);
        double[] after = totals();
        long acknowledged = publishing.close();
        if (acknowledged != 2L * events) {
            throw new IllegalStateException(peer + ": " + acknowledged + " of " + 2L * events + " acknowledged");
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < after.length; i++) {
            line.append((after[i] - before[i]) / events).append(' ');
        }
        OUT.println(line);
        // A peer's threads may go on.
        System.exit(0);
    }

    private static void publish(Publishing publishing, int events) {
        for (int i = 0; i < events; i++) {
            publishing.publish(i % PublishEvents.COUNT);
        }
        publishing.flush();
    }

    /** Nanoseconds of wall time, of the process's CPU time, bytes allocated, bytes sent. */
    private static double[] totals() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        return new double[] {System.nanoTime(), system.getProcessCpuTime(), allocated, bytesSent()};
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
