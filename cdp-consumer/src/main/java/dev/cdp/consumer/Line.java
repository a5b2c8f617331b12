package dev.cdp.consumer;

import java.util.List;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** The records of one partition during one {@link Tenure}, from their arrival to their commit. Owner thread only. */
sealed interface Line permits HandlerLine, SinkLine {

    Tenure tenure();

    /** The end that the log must have, because a commit says that records before it were read. */
    long mustReach();

    /**
     * Takes records that were polled.
     *
     * @param position the offset that the next ones come from
     */
    void take(List<ConsumerRecord<byte[], byte[]>> records, long position, long now);

    /** Finds out how large the records are that have to wait. */
    void weigh(long now);

    /** Hands one piece of work to a worker, or a dead letter to its topic; false where nothing can start now. */
    boolean start(long now);

    /** Learns from an outcome whether what it needs answers, be the tenure over or not. */
    void heard(Outcome outcome);

    /** Takes an outcome of this tenure. */
    void settle(Outcome outcome, long now);

    /** The offset that everything before is settled. */
    long frontier();

    /** What a commit says now: everything before its offset is settled. */
    OffsetAndMetadata committable();

    /** What a transaction must hold that makes this commit; where commits are no transactions, nothing. */
    List<Settlement> settlements(OffsetAndMetadata commit);

    /** Whether something waits for a transaction. */
    boolean holdsOutputs();

    /** The topics that it goes to. */
    Set<String> awaitedTopics();

    /** Notes that a commit is acknowledged. */
    void committed(OffsetAndMetadata acknowledged);

    /** Notes that a commit was refused because its metadata is too long. */
    void metadataRefused();

    /** Whether work waits for a commit. */
    boolean waitsForCommit();

    /** Whether more records are wanted. */
    Appetite appetite();

    /** Whether it needs records again that it has let go: it is to be opened again from what it has committed. */
    boolean wantsRecordsAgain();

    /** Tells that memory is short: what is gathered should go on now. */
    void hurry();

    /** Begins nothing new because the consumer closes; what is open goes on. */
    void finish();

    /** Whether nothing is open after {@link #finish}. */
    boolean finished();

    /** Records that were begun and are not settled, when the consumer stops waiting for them. */
    int abandoned();

    /** Attempts that run, and dead letters on their way. */
    int inFlight();

    /** Records that came and are not settled. */
    int buffered();

    /** What became of those that came. */
    Tally tally();

    /** Bytes of the records that are held. */
    long bufferedBytes();

    /** The next offset to come. */
    long position();

    /** Nanoseconds until something is due without an outcome; {@code Long.MAX_VALUE} for nothing. */
    long dueIn(long now);

    /** How much a line wants to be fed. */
    enum Appetite {
        /** It holds as much as it may. */
        FULL,
        /** It takes more, if memory allows. */
        HUNGRY,
        /** It cannot go on without more, whatever memory says. */
        STARVING
    }
}
