package dev.cdp.consumer;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.sink.BatchId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a consumer, in order; one that throws is logged and changes nothing. It counts what it tells. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<ConsumerListener> listeners;
    private final LongAdder processed = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
    private final LongAdder probes = new LongAdder();

    Listeners(List<ConsumerListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void tell(Consumer<ConsumerListener> message) {
        for (ConsumerListener listener : listeners) {
            try {
                message.accept(listener);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.warn(
                        "listener {} failed; the consumer goes on",
                        listener.getClass().getName(),
                        e);
            }
        }
    }

    void processed(Entry entry, String event) {
        processed.increment();
        tellOf(entry, (listener, delivery) -> listener.processed(delivery, event));
    }

    void ignored(Entry entry, ConsumerListener.Ignored why) {
        if (why == ConsumerListener.Ignored.PROBE) {
            probes.increment();
        }
        tellOf(entry, (listener, delivery) -> listener.ignored(delivery, why));
    }

    void deadLettered(Entry entry, Failure failure) {
        deadLettered.increment();
        tellOf(entry, (listener, delivery) -> listener.deadLettered(delivery, failure.event(), failure.reason()));
    }

    /** Tells of a record, which is made a delivery only where somebody listens. */
    private void tellOf(Entry entry, BiConsumer<ConsumerListener, Delivery> message) {
        if (!listeners.isEmpty()) {
            Delivery delivery = entry.delivery();
            tell(listener -> message.accept(listener, delivery));
        }
    }

    void batchStored(BatchId batch, int rows) {
        processed.add(rows);
        tell(listener -> listener.batchStored(batch, rows));
    }

    /** Records that were handled or stored. */
    long processed() {
        return processed.sum();
    }

    /** Dead letters that were acknowledged. */
    long deadLettered() {
        return deadLettered.sum();
    }

    /** Probes that were settled. */
    long probes() {
        return probes.sum();
    }
}
