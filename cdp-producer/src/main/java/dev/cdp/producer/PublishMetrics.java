package dev.cdp.producer;

import java.time.Duration;
import java.util.Objects;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.validation.ValidationReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Counts and times events in a Micrometer registry; needs {@code io.micrometer:micrometer-core} on the class path.
 * Thread-safe.
 *
 * <ul>
 *   <li>{@code cdp.publish}: a timer from publish to the end of the event, tagged by {@code event}, {@code outcome}
 *       (acknowledged, failed, uncertain) and {@code reason}
 *   <li>{@code cdp.publish.rejected}: a counter, tagged by {@code event} and {@code reason} (a dead letter reason)
 *   <li>{@code cdp.publish.tolerated}: invalid events that were sent, tagged likewise
 *   <li>{@code cdp.publish.offered}: a counter, tagged by {@code event}
 *   <li>{@code cdp.publish.bytes}: a counter, tagged by {@code event}
 * </ul>
 *
 * <p>The tag {@code event} is a name of the catalog, {@code cdp.probe} or {@code unknown}; {@code reason} is a type of exception or {@code
 * none}. So the number of meters is bounded, whatever is published.
 */
public final class PublishMetrics implements PublishListener {

    private static final String EVENT = "event";
    private static final String REASON = "reason";

    private final MeterRegistry registry;
    private final Catalog catalog;

    private PublishMetrics(MeterRegistry registry, Catalog catalog) {
        this.registry = registry;
        this.catalog = catalog;
    }

    /** A listener that keeps its meters in a registry. */
    public static PublishMetrics in(MeterRegistry registry, Catalog catalog) {
        return new PublishMetrics(
                Objects.requireNonNull(registry, "registry"), Objects.requireNonNull(catalog, "catalog"));
    }

    @Override
    public void offered(String event) {
        Counter.builder("cdp.publish.offered")
                .tag(EVENT, tag(event))
                .register(registry)
                .increment();
    }

    @Override
    public void tolerated(String event, ValidationReport report) {
        Counter.builder("cdp.publish.tolerated")
                .tag(EVENT, tag(event))
                .tag(REASON, report.reason().map(Enum::name).orElse("none"))
                .register(registry)
                .increment();
    }

    @Override
    public void sent(String event, long bytes) {
        Counter.builder("cdp.publish.bytes")
                .baseUnit("bytes")
                .tag(EVENT, tag(event))
                .register(registry)
                .increment((double) bytes);
    }

    @Override
    public void rejected(String event, InvalidEventException why) {
        Counter.builder("cdp.publish.rejected")
                .tag(EVENT, tag(event))
                .tag(REASON, why.report().reason().map(Enum::name).orElse("none"))
                .register(registry)
                .increment();
    }

    @Override
    public void acknowledged(String event, Published published, Duration took) {
        time(event, "acknowledged", "none", took);
    }

    @Override
    public void failed(String event, PublishFailedException why, Duration took) {
        time(event, "failed", reason(why), took);
    }

    @Override
    public void uncertain(String event, PublishUncertainException why, Duration took) {
        time(event, "uncertain", reason(why), took);
    }

    private void time(String event, String outcome, String reason, Duration took) {
        Timer.builder("cdp.publish")
                .tag(EVENT, tag(event))
                .tag("outcome", outcome)
                .tag(REASON, reason)
                .register(registry)
                .record(took);
    }

    private String tag(String event) {
        return catalog.event(event).isPresent() || event.equals(CloudEvents.PROBE_TYPE) ? event : "unknown";
    }

    private static String reason(Exception why) {
        Throwable cause = why.getCause() == null ? why : why.getCause();
        return cause.getClass().getSimpleName();
    }
}
