package dev.cdp.producer;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's producer has put on the wire so far, by its own running totals. They count for all records together, so
 * they can prove that one was never sent, or was sent once, and never the opposite. Thread-safe.
 */
final class WireEvidence {

    private static final String GROUP = "producer-metrics";
    private static final long UNKNOWN = -1;
    private static final long KEPT_NANOS = 1_000_000;

    private final Supplier<Map<MetricName, ? extends Metric>> metrics;
    private volatile @Nullable Totals found;
    private volatile @Nullable Recent recent;

    WireEvidence(Supplier<Map<MetricName, ? extends Metric>> metrics) {
        this.metrics = metrics;
    }

    /**
     * The totals as they were at most a millisecond ago: reading them takes Kafka's locks, and one that is too small can
     * only make less be proved.
     */
    Mark recentMark() {
        Recent last = recent;
        long now = System.nanoTime();
        if (last == null || now - last.readAt > KEPT_NANOS) {
            last = new Recent(mark(), now);
            recent = last;
        }
        return last.mark;
    }

    /** The totals as they are now. */
    Mark mark() {
        Totals totals = totals();
        return new Mark(value(totals.sent), value(totals.retried), value(totals.connections));
    }

    private Totals totals() {
        Totals totals = found;
        if (totals == null || totals.connections == null) {
            totals = Totals.in(metrics.get());
            found = totals;
        }
        return totals;
    }

    private static long value(@Nullable Metric metric) {
        return metric != null && metric.metricValue() instanceof Number number ? number.longValue() : UNKNOWN;
    }

    /**
     * The totals at one moment; a total that Kafka does not tell is -1 and proves nothing.
     *
     * @param sent records that were put into requests, repeats too
     * @param retried records that were put back to be sent again
     * @param connections connections that are open or being opened
     */
    record Mark(long sent, long retried, long connections) {

        /** Whether between the two nothing was sent. */
        boolean nothingSentUntil(Mark later) {
            return sent != UNKNOWN && sent == later.sent;
        }

        /** Whether between the two nothing was sent a second time. */
        boolean nothingRetriedUntil(Mark later) {
            return retried != UNKNOWN && retried == later.retried;
        }

        /** Whether there is no connection by which anything could be sent. */
        boolean disconnected() {
            return connections == 0;
        }
    }

    private record Recent(Mark mark, long readAt) {}

    private record Totals(
            @Nullable Metric sent,
            @Nullable Metric retried,
            @Nullable Metric connections) {

        static Totals in(Map<MetricName, ? extends Metric> metrics) {
            Metric sent = null;
            Metric retried = null;
            Metric connections = null;
            for (Map.Entry<MetricName, ? extends Metric> entry : metrics.entrySet()) {
                if (entry.getKey().group().equals(GROUP)) {
                    switch (entry.getKey().name()) {
                        case "record-send-total" -> sent = entry.getValue();
                        case "record-retry-total" -> retried = entry.getValue();
                        case "connection-count" -> connections = entry.getValue();
                        default -> {}
                    }
                }
            }
            return new Totals(sent, retried, connections);
        }
    }
}
