package dev.cdp.core.sink;

/**
 * A store of events. A consumer calls it from several threads, for a given partition from one at a time and in the
 * order of the log.
 */
@FunctionalInterface
public interface EventSink {

    /**
     * Stores a batch, all of it or none. The same id may come again after a failure, a crash or a rebalance, and must
     * not store anything twice.
     *
     * <p>An exception means that it is not known whether the batch is stored: the consumer writes it again, for as long
     * as it takes, and dead-letters nothing. Only a {@link dev.cdp.core.CdpException} that is not retryable stops the
     * consumer.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    SinkResult write(EventBatch batch) throws InterruptedException;
}
