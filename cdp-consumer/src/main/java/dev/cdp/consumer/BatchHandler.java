package dev.cdp.consumer;

import java.util.List;

/**
 * What an application does with several events of one type at once. A consumer calls it from its worker threads, by the
 * same {@link Ordering} as an {@link EventHandler}.
 *
 * @param <T> the class that the payloads are bound to
 */
@FunctionalInterface
public interface BatchHandler<T> {

    /**
     * Processes events, in the order of the log where the ordering asks for one; returning means that all are done.
     *
     * @throws Exception if one of them failed. Each of several is then given again as a batch of its own, so that only
     *     the guilty one is retried or dead-lettered; the effects of the others repeat
     */
    void handle(List<Received<T>> events) throws Exception;
}
