package dev.cdp.producer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/**
 * Events that are published all or nothing: what {@link CdpProducer#transaction} gives to its body. It belongs to the
 * thread of that body, until the body returns.
 */
public final class Transaction {

    private final PublishPath path;
    private final Thread owner = Thread.currentThread();
    private final List<Pending> events = new ArrayList<>();
    private final Map<Pending, Published> written = new HashMap<>();
    private State state = State.OPEN;
    private @Nullable Exception refusal;
    /** Why it cannot be committed, by what was published in it. */
    private @Nullable CdpException flaw;
    /** How it ended where it was not committed. */
    private @Nullable CdpException problem;

    Transaction(PublishPath path) {
        this.path = path;
    }

    /**
     * Publishes an event in this transaction; it is validated at once.
     *
     * @throws InvalidEventException if it is rejected; the transaction is aborted, even if this is caught
     * @throws PublishFailedException if it cannot be sent; the transaction is aborted, even if this is caught
     */
    public <T> void publish(EventPublisher<T> publisher, T payload) {
        publish(publisher, payload, PublishOptions.none());
    }

    /** Publishes an event with options in this transaction. */
    public <T> void publish(EventPublisher<T> publisher, T payload, PublishOptions options) {
        if (!(publisher instanceof KafkaEventPublisher<T> ours)) {
            throw new IllegalArgumentException("publisher: expected one that CdpProducer gave, found "
                    + publisher.getClass().getName());
        }
        requireUsable();
        CompletableFuture<Published> outcome = ours.publishBy(path, payload, options);
        Throwable refused = outcome.<@Nullable Throwable>handle((published, thrown) -> thrown)
                .getNow(null);
        if (refused instanceof CdpException why) {
            flaw = flaw == null ? why : flaw;
            throw why;
        }
    }

    private synchronized void requireUsable() {
        if (problem != null) {
            throw problem;
        }
        if (Thread.currentThread() != owner || state != State.OPEN) {
            throw new IllegalStateException(
                    "a transaction is used by the thread that runs its body, until the body returns");
        }
    }

    /** Why an event that was published in it makes it fail; null where there is none. */
    @Nullable
    CdpException flaw() {
        return flaw;
    }

    /** Takes an event that Kafka is about to be given. */
    synchronized void enrol(Pending event) {
        event.joins(this);
        events.add(event);
    }

    /** Kafka has acknowledged an event, on its I/O thread. */
    synchronized void written(Pending event, Published where) {
        written.put(event, where);
        notifyAll();
    }

    /** Kafka has given an event up, on its I/O thread; the first answer counts. */
    synchronized void refused(Exception answer) {
        if (refusal == null) {
            refusal = answer;
        }
        notifyAll();
    }

    /** Waits until every event is written or one is not; null once all are. */
    synchronized @Nullable Exception awaitAnswers(Patience patience) throws InterruptedException {
        while (refusal == null && written.size() < events.size()) {
            if (patience.ended()) {
                return new java.util.concurrent.TimeoutException("no answer from the broker");
            }
            TimeUnit.NANOSECONDS.timedWait(this, patience.leftNanos());
        }
        return refusal;
    }

    /** Whether the commit may be sent: false once the producer has left the transaction behind. */
    synchronized boolean beginCommit() {
        boolean open = state == State.OPEN;
        if (open) {
            state = State.COMMITTING;
        }
        return open;
    }

    /** All its events are in the log and visible. */
    synchronized void committed() {
        if (state != State.ENDED) {
            state = State.ENDED;
            for (Pending event : events) {
                event.settleLater(Outcome.ACKNOWLEDGED, at(event), null);
            }
        }
    }

    /** None of its events will ever be visible. */
    synchronized void failed(CdpException why) {
        end(Outcome.FAILED, why);
    }

    /** All of its events are visible, or none is. */
    synchronized void uncertain(Exception answer) {
        end(Outcome.UNCERTAIN, uncertainty(answer));
    }

    /** The producer closes and does not wait for it any longer; whether no commit of it was sent or will be. */
    synchronized boolean abandon() {
        boolean open = state == State.OPEN;
        end(
                Outcome.ABANDONED,
                state == State.COMMITTING
                        ? uncertainty(new ProducerClosedException())
                        : new PublishFailedException(
                                "the transaction was not committed: the producer was closed",
                                PublishFailedException.Retry.WILL_NOT_HELP,
                                null));
        return open;
    }

    /** Where its events are, in the order in which they were published. */
    synchronized List<Published> published() {
        if (problem != null) {
            throw problem;
        }
        return events.stream().map(this::at).toList();
    }

    private void end(Outcome outcome, CdpException why) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        problem = why;
        for (Pending event : events) {
            CdpException own = why instanceof TransactionUncertainException
                    ? new PublishUncertainException(
                            event.event() + " (" + event.eventId() + "): " + why.getMessage(), event.eventId(), why)
                    : failure(why);
            event.settleLater(outcome, null, own);
        }
    }

    private static PublishFailedException failure(CdpException why) {
        return why instanceof PublishFailedException failed
                ? failed
                : new PublishFailedException(
                        "its transaction was aborted: "
                                + (why instanceof InvalidEventException invalid
                                        ? invalid.event() + " was rejected"
                                        : why.getMessage()),
                        PublishFailedException.Retry.WILL_NOT_HELP,
                        why);
    }

    private TransactionUncertainException uncertainty(Exception answer) {
        return new TransactionUncertainException(
                "a transaction of " + events.size() + " events may or may not be committed: "
                        + answer.getClass().getSimpleName() + " came in place of an answer; publish the same events"
                        + " again, with the same ids, if repeats are better than a loss",
                events.stream().map(Pending::eventId).toList(),
                answer);
    }

    private Published at(Pending event) {
        return Objects.requireNonNull(written.get(event), "only what is written is committed");
    }

    private enum State {
        OPEN,
        COMMITTING,
        ENDED
    }
}
