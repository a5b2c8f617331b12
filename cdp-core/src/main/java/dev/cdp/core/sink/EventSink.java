package dev.cdp.core.sink;

import java.time.Duration;
import java.util.UUID;

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
     * @throws BatchTooLargeException if a smaller batch might pass now: the next ones of its partition are smaller
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    SinkResult write(EventBatch batch) throws InterruptedException;

    /**
     * Begins a batch whose events come one at a time, as they are validated. A consumer writes by this; the default keeps
     * them for {@link #write(EventBatch)}, and a sink that can use an event at once does better. It must not wait for the
     * store.
     *
     * @return what takes the events; it may be left behind at any time, when the partition goes
     */
    default BatchWriter begin() {
        return BatchWriter.collecting(this);
    }

    /**
     * Whether it holds rows of a partition. A consumer that finds no offset of its group asks this before it begins,
     * because such rows would be stored again in other batches. A sink that does not know batches apart, and so promises
     * nothing, need not know.
     *
     * @param topicId the topic's id
     * @param partition the partition
     * @param from the first offset that is asked for
     * @param replay the replay number under which rows count
     * @return true if it holds a row of that offset or a later one; a sink that cannot tell says false
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    default boolean holds(UUID topicId, int partition, long from, int replay) throws InterruptedException {
        return false;
    }

    /**
     * How long a write waits for its store before it fails. A consumer refuses one that is longer than it waits for work
     * when partitions are taken from it, a quarter of {@code max.poll.interval.ms}.
     *
     * @return zero where that is not known
     */
    default Duration timeout() {
        return Duration.ZERO;
    }
}
