package dev.cdp.producer;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

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
    private final AtomicBoolean settled = new AtomicBoolean();

    private final long offeredAt = System.nanoTime();
    private @Nullable Envelope envelope;
    private Verdict verdict = Verdict.PUBLISH;
    private long reserved;
    private @Nullable WireEvidence evidence;
    private @Nullable Mark before;

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

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        if (Thread.currentThread() == publishingThread && sending) {
            refusal = exception;
        } else if (exception == null && metadata != null) {
            settleLater(
                    Outcome.ACKNOWLEDGED,
                    new Published(
                            metadata.topic(),
                            metadata.partition(),
                            metadata.offset(),
                            eventId(),
                            envelope().attributes().time()),
                    null);
        } else {
            Exception answer = exception == null ? new IllegalStateException("no answer") : exception;
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
    }

    /** Settles an event that Kafka never took, on the publishing thread. */
    void refuse(Outcome outcome, CdpException why) {
        if (settled.compareAndSet(false, true)) {
            settle(outcome, null, why);
            run();
        }
    }

    private void settleLater(Outcome outcome, @Nullable Published where, @Nullable CdpException why) {
        if (settled.compareAndSet(false, true)) {
            settle(outcome, where, why);
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
        session.release(reserved);
        session.listeners().ended(event, published, problem, Duration.ofNanos(System.nanoTime() - offeredAt));
        if (problem != null) {
            future.completeExceptionally(problem);
        } else {
            future.complete(published);
        }
    }

    private String eventId() {
        return envelope().attributes().id();
    }

    private Envelope envelope() {
        return Objects.requireNonNull(envelope, "an event is sent only in its envelope");
    }
}
