package dev.cdp.consumer;

import dev.cdp.consumer.ConsumerListener.Fate;
import dev.cdp.consumer.ConsumerListener.Ignored;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.sink.BatchId;
import org.apache.kafka.common.TopicPartition;

/**
 * What became of the records of one {@link Line}: counts each as it is settled, and tells the listeners. Owner thread
 * only.
 */
final class Tally {

    private final TopicPartition partition;
    private final Listeners listeners;
    private long read;
    private long processed;
    private long deadLettered;
    private long ignored;
    private long retried;

    Tally(TopicPartition partition, Listeners listeners) {
        this.partition = partition;
        this.listeners = listeners;
    }

    void read(int records) {
        if (records > 0) {
            read += records;
            tell(Fate.READ, records);
        }
    }

    void processed(Entry entry, String event) {
        processed++;
        tell(Fate.PROCESSED, 1);
        listeners.processed(entry, event);
    }

    /** A sink has stored a batch, of so many events. */
    void stored(BatchId batch, int rows) {
        processed += rows;
        tell(Fate.PROCESSED, rows);
        listeners.batchStored(batch, rows);
    }

    void deadLettered(Entry entry, Failure failure) {
        deadLettered++;
        tell(Fate.DEAD_LETTERED, 1);
        listeners.deadLettered(entry, failure);
    }

    void ignored(Entry entry, Ignored why) {
        ignored++;
        tell(Fate.IGNORED, 1);
        listeners.ignored(entry, why);
    }

    /** So many of the records that came were dead-lettered when they came before, and were told of then. */
    void deadLetteredBefore(int records) {
        read += records;
        deadLettered += records;
    }

    /** It went to a retry topic, from which it is read again. */
    void retried() {
        retried++;
        tell(Fate.RETRIED, 1);
    }

    /** The partition goes with so many records that are not settled: whoever gets it reads them again. */
    void returned(int pending) {
        if (pending > 0) {
            tell(Fate.RETURNED, pending);
        }
    }

    RecordCounts counts(int pending) {
        return new RecordCounts(read, processed, deadLettered, ignored, retried, pending);
    }

    private void tell(Fate fate, int records) {
        listeners.tell(listener -> listener.counted(partition.topic(), partition.partition(), fate, records));
    }
}
