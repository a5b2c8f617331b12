package dev.cdp.consumer;

import java.util.List;
import java.util.Map;

import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.CdpException;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.core.validation.ValidationReport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What a worker, or the dead letter topic, reports to the owner thread: the only way back. */
sealed interface Outcome {

    /** The stretch of ownership that it belongs to; the outcome of an old one is ignored. */
    Line line();

    /** Whether it is the last one that a job reports. */
    default boolean endsJob() {
        return true;
    }

    /** Whether the owner thread is woken for it: not where more of the same run follows. */
    default boolean wakes() {
        return true;
    }

    /** Whether it may be so only because a worker was interrupted. */
    default boolean mayBeOfInterrupt() {
        return this instanceof Failed || this instanceof Dead || this instanceof Unwritten;
    }

    /** An outcome of one record of a lane, by its handler. */
    sealed interface OfRecord extends Outcome {

        Entry entry();

        /** Whether the worker is through with its run, so that the lane is free. */
        Turn turn();

        @Override
        default boolean endsJob() {
            return turn() == Turn.ENDS;
        }

        @Override
        default boolean wakes() {
            return turn() == Turn.ENDS;
        }
    }

    /** Whether a worker goes on with the next record of its run. */
    enum Turn {
        GOES_ON,
        ENDS
    }

    /**
     * The record is settled.
     *
     * @param event the event's name, else empty
     * @param ignored why no handler was called; null where one was
     * @param tolerated violations that the event's mode lets pass; null where there are none
     * @param outputs what its handler has emitted
     */
    record Done(
            Line line,
            Entry entry,
            Turn turn,
            String event,
            ConsumerListener.@Nullable Ignored ignored,
            @Nullable ValidationReport tolerated,
            List<ProducerRecord<byte[], byte[]>> outputs)
            implements OfRecord {}

    /**
     * The attempt failed; another may succeed. The run ends with it.
     *
     * @param meaning RETRY or OUTAGE
     */
    record Failed(Line line, Entry entry, String event, String stage, ErrorClass meaning, Throwable thrown)
            implements OfRecord {

        @Override
        public Turn turn() {
            return Turn.ENDS;
        }

        /** Whether it was the record that could not be read, for which only a registry is needed. */
        boolean ofRegistry() {
            return stage.equals(Attempt.DECODE);
        }
    }

    /** The record will never be processed. */
    record Dead(Line line, Entry entry, Turn turn, Failure failure) implements OfRecord {}

    /** The attempt was not made, because the partition or the consumer is going or the run took long enough. */
    record Untried(Line line, Entry entry) implements OfRecord {

        @Override
        public Turn turn() {
            return Turn.ENDS;
        }
    }

    /** A dead letter is acknowledged. */
    record Acknowledged(Line line, Entry entry, Failure failure) implements Outcome {

        /** It comes from the dead letter topic, not from a worker. */
        @Override
        public boolean endsJob() {
            return false;
        }
    }

    /**
     * A record that failed is acknowledged by its retry topic.
     *
     * @param refused whether that does not take it, because it is too large there
     */
    record Forwarded(Line line, Entry entry, Failed failed, boolean refused) implements Outcome {

        @Override
        public boolean endsJob() {
            return false;
        }
    }

    /**
     * Records of a batch are decoded and validated.
     *
     * @param records how many, of those that were to be judged the first
     * @param accepted how many of each event the batch's draft has now
     * @param failures what does not go to the sink, in the order of the log
     * @param passed what is no event
     * @param silence why the next record cannot be judged now: a registry does not answer; null if nothing is in the way
     */
    record Judged(
            Line line,
            Batch batch,
            int records,
            Map<String, Integer> accepted,
            Map<Entry, Failure> failures,
            Map<Entry, ConsumerListener.Ignored> passed,
            @Nullable CdpException silence)
            implements Outcome {}

    /** The sink has answered. */
    record Written(Line line, Batch batch, SinkResult result) implements Outcome {}

    /** The sink has not answered, or has failed: it is unknown whether the batch is stored. */
    record Unwritten(Line line, Batch batch, Throwable thrown) implements Outcome {}
}
