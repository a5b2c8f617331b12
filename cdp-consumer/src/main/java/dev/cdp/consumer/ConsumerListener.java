package dev.cdp.consumer;

import java.time.Duration;

import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.validation.ValidationReport;

/**
 * Is told what happens to records. Every method but {@link #stateChanged} is called on the consumer's own thread, in
 * the order in which listeners were added, and must return at once; one that throws is logged and changes nothing.
 */
public interface ConsumerListener {

    /** A handler has processed an event. */
    default void processed(Delivery delivery, String event) {}

    /** A record was settled without a handler or sink: a tombstone, a probe, or an event that nobody handles. */
    default void ignored(Delivery delivery, Ignored why) {}

    /** A handler goes on with an event that its schema refuses, because the event's mode is warn or observe. */
    default void tolerated(Delivery delivery, String event, ValidationReport report) {}

    /** A handler failed and will be called again. */
    default void retried(Delivery delivery, String event, Throwable failure) {}

    /** A dead letter is acknowledged. */
    default void deadLettered(Delivery delivery, String event, DeadLetterReason reason) {}

    /** A sink has stored a batch. */
    default void batchStored(BatchId batch, int rows) {}

    /**
     * The first record of a partition that is read and not settled has not moved for longer than
     * {@link ConsumerBuilder#stallAfter}; told once for each such record.
     */
    default void stalled(String topic, int partition, long offset, Duration since) {}

    /** Something that it needs does not answer. */
    default void outageBegan(Outage outage) {}

    /** It answers again. */
    default void outageEnded(Outage outage) {}

    /**
     * So many records of a partition have met a fate. For each partition, {@code READ} is the sum of all others and of
     * what is {@link RecordCounts#pending() pending}.
     */
    default void counted(String topic, int partition, Fate fate, int records) {}

    /** Offsets are committed up to here. */
    default void committed(String topic, int partition, long offset) {}

    /** The consumer has moved to another state; on the thread that moved it. */
    default void stateChanged(ConsumerState state) {}

    /** What can become of a record, in this process. */
    enum Fate {
        /** It came; one of the others follows. */
        READ,
        /** A handler took it, or a sink stored it. */
        PROCESSED,
        /** Its dead letter is acknowledged. */
        DEAD_LETTERED,
        /** It was settled without handler or sink. */
        IGNORED,
        /** It went to a retry topic, from which it is read again. */
        RETRIED,
        /** It was let go before it was settled, with its partition or without: it is read again by whoever has that now. */
        RETURNED
    }

    /** Why a record was settled without a handler or sink. */
    enum Ignored {
        /** It has no value. */
        TOMBSTONE,
        /** The catalog knows its event, and no handler was given for it. */
        NO_HANDLER,
        /** It was redriven for another consumer group, which could not process it before. */
        OTHER_GROUP,
        /** It names no event of the catalog, and such records are ignored. */
        UNKNOWN_EVENT,
        /** An event of its id was processed a moment ago. */
        REPEATED,
        /** It tests a connection: {@link dev.cdp.core.event.CloudEvents#PROBE_TYPE}. */
        PROBE
    }
}
