package dev.cdp.producer;

import java.util.Objects;
import java.util.function.Supplier;

import dev.cdp.core.event.CloudEvents;
import org.jspecify.annotations.Nullable;

/**
 * Sends the W3C trace context of the publishing thread along with every event, whatever library keeps it. With
 * OpenTelemetry's API it is made of {@code Span.current().getSpanContext()}.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, traceparent</a>
 */
public final class TraceContext implements PublishInterceptor {

    private final Supplier<@Nullable String> current;

    private TraceContext(Supplier<@Nullable String> current) {
        this.current = current;
    }

    /**
     * An interceptor for {@link ProducerBuilder#interceptor}.
     *
     * @param current the thread's {@code traceparent}; null or malformed where there is none
     */
    public static TraceContext from(Supplier<@Nullable String> current) {
        return new TraceContext(Objects.requireNonNull(current, "current"));
    }

    /** What the caller says goes first; a trace that is malformed is left out, as it is no reason to lose an event. */
    @Override
    public Outgoing intercept(Outgoing outgoing) {
        String trace = outgoing.options().traceParentOrNull() == null ? current.get() : null;
        return trace == null || !CloudEvents.isTraceParent(trace)
                ? outgoing
                : outgoing.withOptions(
                        outgoing.options().toBuilder().traceParent(trace).build());
    }
}
