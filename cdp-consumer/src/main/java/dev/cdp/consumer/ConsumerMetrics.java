package dev.cdp.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.validation.ValidationReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Counts and times records in a Micrometer registry; needs {@code io.micrometer:micrometer-core} on the class path.
 * Thread-safe; for one consumer.
 *
 * <ul>
 *   <li>{@code cdp.consume}: a timer from a record's timestamp to the end of its handler, tagged by {@code event}
 *   <li>{@code cdp.consume.ignored}: a counter, tagged by {@code why}
 *   <li>{@code cdp.consume.retried}: a counter of failed attempts, tagged by {@code event} and {@code reason}
 *   <li>{@code cdp.consume.tolerated}: invalid events that were handled, tagged by {@code event} and {@code reason}
 *   <li>{@code cdp.consume.dead_lettered}: a counter, tagged by {@code event} and {@code reason}
 *   <li>{@code cdp.consume.rows}: a counter of rows that the sink stored, tagged by {@code topic}
 *   <li>{@code cdp.consume.records}: a counter, tagged by {@code topic}, {@code partition} and {@code fate}: for each
 *       partition, those of fate {@code READ} are the sum of all other fates and of what is held
 *   <li>{@code cdp.consume.outages}: a gauge of what the consumer waits for
 *   <li>by {@link #watch}: gauges {@code cdp.consume.lag} and {@code cdp.consume.buffered}, in records over all assigned
 *       partitions, and {@code cdp.consume.running}, 1 or 0
 * </ul>
 *
 * <p>The tag {@code event} is a name of the catalog or {@code unknown}, {@code topic} one that the consumer reads; {@code
 * reason} is a dead letter reason or a type of exception. So the number of meters is bounded, whatever is read.
 */
public final class ConsumerMetrics implements ConsumerListener {

    private static final String EVENT = "event";
    private static final String REASON = "reason";

    private static final long LONGEST_MILLIS = Duration.ofDays(36_500).toMillis();

    private final MeterRegistry registry;
    private final Catalog catalog;
    private final AtomicInteger outages = new AtomicInteger();

    private ConsumerMetrics(MeterRegistry registry, Catalog catalog) {
        this.registry = registry;
        this.catalog = catalog;
        Gauge.builder("cdp.consume.outages", outages, AtomicInteger::get)
                .strongReference(true)
                .register(registry);
    }

    /** A listener that keeps its meters in a registry. */
    public static ConsumerMetrics in(MeterRegistry registry, Catalog catalog) {
        return new ConsumerMetrics(
                Objects.requireNonNull(registry, "registry"), Objects.requireNonNull(catalog, "catalog"));
    }

    /** Adds the gauges of a consumer's health; they end with the consumer. */
    public void watch(ResilientConsumer consumer) {
        Gauge.builder("cdp.consume.lag", consumer, ConsumerMetrics::lag)
                .baseUnit("records")
                .register(registry);
        Gauge.builder("cdp.consume.buffered", consumer, ConsumerMetrics::buffered)
                .baseUnit("records")
                .register(registry);
        Gauge.builder("cdp.consume.running", consumer, ConsumerMetrics::running).register(registry);
    }

    private static double lag(ResilientConsumer consumer) {
        return consumer.health().partitions().stream()
                .mapToDouble(partition -> partition.lag().orElse(0))
                .sum();
    }

    private static double buffered(ResilientConsumer consumer) {
        return consumer.health().partitions().stream()
                .mapToDouble(PartitionHealth::buffered)
                .sum();
    }

    private static double running(ResilientConsumer consumer) {
        return consumer.health().state() == ConsumerState.RUNNING ? 1 : 0;
    }

    @Override
    public void processed(Delivery delivery, String event) {
        long took = Instant.now().toEpochMilli() - delivery.timestamp().toEpochMilli();
        Timer.builder("cdp.consume")
                .tag(EVENT, tag(event))
                .register(registry)
                // another machine's clock wrote the timestamp, or somebody who made it up
                .record(took < 0 ? Duration.ZERO : Duration.ofMillis(Math.min(took, LONGEST_MILLIS)));
    }

    @Override
    public void ignored(Delivery delivery, Ignored why) {
        count("cdp.consume.ignored", "why", why.name());
    }

    @Override
    public void tolerated(Delivery delivery, String event, ValidationReport report) {
        count(
                "cdp.consume.tolerated",
                EVENT,
                tag(event),
                REASON,
                report.reason().map(Enum::name).orElse("none"));
    }

    @Override
    public void retried(Delivery delivery, String event, Throwable failure) {
        count(
                "cdp.consume.retried",
                EVENT,
                tag(event),
                REASON,
                failure.getClass().getSimpleName());
    }

    @Override
    public void deadLettered(Delivery delivery, String event, DeadLetterReason reason) {
        count("cdp.consume.dead_lettered", EVENT, tag(event), REASON, reason.name());
    }

    @Override
    public void batchStored(BatchId batch, int rows) {
        Counter.builder("cdp.consume.rows")
                .tag("topic", batch.topic())
                .register(registry)
                .increment(rows);
    }

    @Override
    public void counted(String topic, int partition, Fate fate, int records) {
        Counter.builder("cdp.consume.records")
                .tag("topic", topic)
                .tag("partition", Integer.toString(partition))
                .tag("fate", fate.name())
                .register(registry)
                .increment(records);
    }

    @Override
    public void outageBegan(Outage outage) {
        outages.incrementAndGet();
    }

    @Override
    public void outageEnded(Outage outage) {
        outages.decrementAndGet();
    }

    private void count(String name, String... tags) {
        Counter.builder(name).tags(tags).register(registry).increment();
    }

    private String tag(String event) {
        return catalog.event(event).isPresent() ? event : "unknown";
    }
}
