package dev.cdp.consumer;

import dev.cdp.core.event.Event;

/**
 * What an application does with one event. A consumer calls it from its worker threads, for a given partition from one
 * at a time and in the order of the log.
 *
 * <p>It may see an event more than once, after a failure, a crash or a rebalance: {@link Event#id()} is the same then.
 *
 * @param <T> the class that the payload is bound to
 */
@FunctionalInterface
public interface EventHandler<T> {

    /**
     * Processes an event; returning means that it is done.
     *
     * @throws RejectedEventException if no retry will ever help: the event is dead-lettered at once
     * @throws Exception if it failed: the event is retried by the {@link RetryPolicy}, and dead-lettered when that is
     *     exhausted. A {@link dev.cdp.core.CdpException} that is not retryable counts as rejected
     */
    void handle(Event<T> event, Delivery delivery) throws Exception;
}
