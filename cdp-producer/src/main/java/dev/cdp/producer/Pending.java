package dev.cdp.producer;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.cdp.core.CdpException;
import dev.cdp.producer.InvalidEvents.Verdict;
import dev.cdp.producer.WireEvidence.Mark;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One event between publish and the end of its future. The publishing thread owns it until Kafka has taken its record;
 * from then on Kafka's I/O thread settles it, and the completing thread completes the future.
 */
final class Pending implements Callback, Runnable {

    private final String event;
    private final String topic;
    private final PublishSession session;
    private final CompletableFuture<Published> future = new CompletableFuture<>();
    private final Thread publishingThread = Thread.currentThread();
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    private final long offeredAt = System.nanoTime();
    private @Nullable Envelope envelope;
    private Verdict verdict = Verdict.PUBLISH;
    private long reserved;
    private @Nullable WireEvidence evidence;
    private @Nullable Mark before;

    private @Nullable Transaction transaction;

    // Of the publishing thread alone.
    private boolean sending;
    private @Nullable Exception refusal;

    // Written by the thread that settles, read by the one that completes after a hand-over.
    private @Nullable Published published;
    private @Nullable CdpException problem;

    Pending(String event, String topic, PublishSession session) {
        this.event = event;
        this.topic = topic;
        this.session = session;
    }

    CompletableFuture<Published> future() {
        return future;
    }

    /** When it was offered, by {@link System#nanoTime()}. */
    long offeredAt() {
        return offeredAt;
    }

    /** The event's name. */
    String event() {
        return event;
    }

    void leaving(Envelope made, Verdict judged) {
        envelope = made;
        verdict = judged;
    }

    void reserved(long bytes) {
        reserved = bytes;
    }

    /** From here on the end of a transaction settles it, whatever Kafka says of its record. */
    void joins(Transaction joined) {
        transaction = joined;
    }

    /** From here until {@link #sent()}, what Kafka says on this thread is that it did not take the record. */
    void sending(WireEvidence kafkaEvidence) {
        evidence = kafkaEvidence;
        before = kafkaEvidence.recentMark();
        sending = true;
        refusal = null;
    }

    /** Why Kafka did not take the record, or null when it has. */
    @Nullable
    Exception sent() {
        sending = false;
        return refusal;
    }

    /** Transactions begin with a producer id. */
    void awaitsFirstAnswer() {
        if (transaction == null) {
            session.firstAnswer().awaitedBy(this);
        }
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        if (Thread.currentThread() == publishingThread && sending) {
            refusal = exception;
            return;
        }
        if (exception == null && metadata != null) {
            written(published(metadata));
        } else {
            unwritten(exception == null ? new IllegalStateException("no answer") : exception);
        }
    }

    private void written(Published where) {
        if (transaction != null) {
            transaction.written(this, where);
            return;
        }
        session.firstAnswer().came();
        settleLater(Outcome.ACKNOWLEDGED, where, null);
    }

    private void unwritten(Exception answer) {
        if (transaction != null) {
            transaction.refused(answer);
            return;
        }
        session.firstAnswer().came();
        CdpException classified = KafkaAnswers.classify(
                event,
                topic,
                eventId(),
                answer,
                Objects.requireNonNull(before),
                Objects.requireNonNull(evidence).mark());
        boolean abandoned = session.abandoning();
        settleLater(abandoned ? Outcome.ABANDONED : KafkaAnswers.outcome(classified), null, classified);
    }

    /** Settles an event that Kafka never took, on the publishing thread. */
    void refuse(Outcome outcome, CdpException why) {
        if (state.compareAndSet(State.OPEN, State.SETTLED)) {
            settle(outcome, null, why);
            run();
        }
    }

    private Published published(RecordMetadata metadata) {
        return new Published(
                metadata.topic(),
                metadata.partition(),
                metadata.offset(),
                eventId(),
                envelope().attributes().time());
    }

    void settleLater(Outcome outcome, @Nullable Published where, @Nullable CdpException why) {
        if (state.compareAndSet(State.OPEN, State.SETTLED)) {
            settle(outcome, where, why);
            session.complete(this);
        } else if (state.get() == State.EXPIRED) {
            session.release(reserved);
        }
    }

    /** Kafka keeps the record beyond its time and may still send it, so it keeps its memory too. */
    void expire() {
        if (state.compareAndSet(State.OPEN, State.EXPIRED)) {
            settle(
                    Outcome.UNCERTAIN,
                    null,
                    new PublishUncertainException(
                            event + " (" + eventId() + ") may or may not come to topic " + topic
                                    + ": Kafka's client got no producer id within delivery.timeout.ms and still holds"
                                    + " the event; publish it again with the same id if a repeat is better than a loss",
                            eventId(),
                            null));
            session.complete(this);
        }
    }

    /** An event in quarantine is rejected, whatever became of its dead letter. */
    private void settle(Outcome outcome, @Nullable Published where, @Nullable CdpException why) {
        if (verdict.quarantined()) {
            session.count(Outcome.REJECTED);
            problem = new InvalidEventException(event, verdict.report(), where, why);
        } else {
            session.count(outcome);
            published = where;
            problem = why;
        }
    }

    /** Completes the future. */
    @Override
    public void run() {
        if (state.get() != State.EXPIRED) {
            session.release(reserved);
        }
        session.listeners().ended(event, published, problem, offeredAt);
        if (problem != null) {
            future.completeExceptionally(problem);
        } else {
            future.complete(published);
        }
    }

    String eventId() {
        return envelope().attributes().id();
    }

    private Envelope envelope() {
        return Objects.requireNonNull(envelope, "an event is sent only in its envelope");
    }

    private enum State {
        OPEN,
        SETTLED,
        /** Its future has ended, and Kafka has not let go of it. */
        EXPIRED
    }
}
