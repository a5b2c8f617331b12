package dev.cdp.consumer;

import dev.cdp.core.event.Event;

/**
 * What an application makes of one event: other events, which are published in the transaction that commits the
 * event's offset. A consumer calls it as it calls an {@link EventHandler}.
 *
 * <p>It may see an event more than once, after a failure, a crash or a rebalance; its outputs are visible once
 * nevertheless. That holds for outputs alone: whatever else it does may happen again.
 *
 * @param <T> the class that the payload is bound to
 */
@FunctionalInterface
public interface TransformHandler<T> {

    /**
     * Processes an event; returning means that it is done and its outputs are complete. The outputs of a call that
     * throws are dropped.
     *
     * @throws RejectedEventException if no retry will ever help: the event is dead-lettered at once
     * @throws Exception if it failed: the event is retried by the {@link RetryPolicy}, and dead-lettered when that is
     *     exhausted
     */
    void handle(Event<T> event, Delivery delivery, Outputs outputs) throws Exception;
}
