package dev.cdp.producer;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.cdp.core.CdpException;
import dev.cdp.core.validation.ValidationReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners, and lets none break the path. Thread-safe. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<PublishListener> listeners;

    Listeners(List<PublishListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void offered(String event) {
        tell(listener -> listener.offered(event));
    }

    void tolerated(String event, ValidationReport report) {
        tell(listener -> listener.tolerated(event, report));
    }

    void sent(String event, long bytes) {
        tell(listener -> listener.sent(event, bytes));
    }

    /**
     * Tells how an event ended: where it was published, or why not.
     *
     * @param offeredAt when it began, by {@link System#nanoTime()}
     */
    void ended(String event, @Nullable Published published, @Nullable CdpException problem, long offeredAt) {
        if (listeners.isEmpty()) {
            return;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - offeredAt);
        tell(listener -> {
            if (published != null) {
                listener.acknowledged(event, published, took);
            } else if (problem instanceof InvalidEventException rejected) {
                listener.rejected(event, rejected);
            } else if (problem instanceof PublishFailedException failed) {
                listener.failed(event, failed, took);
            } else if (problem instanceof PublishUncertainException uncertain) {
                listener.uncertain(event, uncertain, took);
            }
        });
    }

    private void tell(Consumer<PublishListener> what) {
        for (PublishListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.warn(
                        "listener {} threw; the event goes on",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
