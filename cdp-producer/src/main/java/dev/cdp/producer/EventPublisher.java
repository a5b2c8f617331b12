package dev.cdp.producer;

import java.util.concurrent.CompletableFuture;

import dev.cdp.core.catalog.EventDefinition;

/**
 * Publishes the events of one type. Any number of threads may use one publisher at the same time.
 *
 * <p>Every future completes exactly once, as one of four: with a {@link Published}, or exceptionally with an
 * {@link InvalidEventException} (rejected, never sent), a {@link PublishFailedException} (known not written) or a
 * {@link PublishUncertainException} (it may be written). Futures complete on the producer's executor; what depends on
 * them must not block there.
 *
 * @param <T> the class of its events: a record, or {@code byte[]} of JSON
 */
public interface EventPublisher<T> {

    /** The event that it publishes. */
    EventDefinition event();

    /**
     * Publishes an event; while the producer's memory is full the caller waits, at most {@code maxBlock}.
     *
     * @throws ProducerClosedException if the producer is closed
     */
    default CompletableFuture<Published> publish(T payload) {
        return publish(payload, PublishOptions.none());
    }

    /**
     * Publishes an event, with its key, id, time or headers said by the caller.
     *
     * @throws ProducerClosedException if the producer is closed
     */
    CompletableFuture<Published> publish(T payload, PublishOptions options);

    /**
     * Publishes an event or gives up at once: where there is no room, its future has failed with a
     * {@link BufferFullException}.
     *
     * @throws ProducerClosedException if the producer is closed
     */
    default CompletableFuture<Published> tryPublish(T payload) {
        return tryPublish(payload, PublishOptions.none());
    }

    /**
     * Publishes an event with options, or gives up at once.
     *
     * @throws ProducerClosedException if the producer is closed
     */
    CompletableFuture<Published> tryPublish(T payload, PublishOptions options);
}
