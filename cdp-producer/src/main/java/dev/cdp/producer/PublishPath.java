package dev.cdp.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import dev.cdp.core.CdpException;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.producer.InvalidEvents.Verdict;
import dev.cdp.producer.PublishFailedException.Retry;
import org.jspecify.annotations.Nullable;

/** The way of every event from the caller to Kafka's producer. Thread-safe. */
final class PublishPath {

    private final List<PublishInterceptor> interceptors;
    private final InvalidEvents invalidEvents;
    private final Envelope.Maker envelopes;
    private final Dispatch sender;
    private final PublishSession session;
    private final BooleanSupplier calledOff;

    PublishPath(
            List<PublishInterceptor> interceptors,
            InvalidEvents invalidEvents,
            Envelope.Maker envelopes,
            Dispatch sender,
            PublishSession session) {
        this.interceptors = interceptors;
        this.invalidEvents = invalidEvents;
        this.envelopes = envelopes;
        this.sender = sender;
        this.session = session;
        this.calledOff = session::abandoning;
    }

    /**
     * Publishes an event.
     *
     * @param encoder makes JSON of the payload
     * @param maxBlock how long the caller waits for room
     */
    CompletableFuture<Published> publish(Outgoing offered, Function<Object, byte[]> encoder, Duration maxBlock) {
        Pending pending = session.enter(offered.event().name(), offered.event().topic());
        Patience patience = Patience.since(pending.offeredAt(), maxBlock, calledOff);
        try {
            Outgoing event = intercept(offered);
            byte[] json = encoder.apply(event.payload());
            Envelope envelope = envelopes.of(event, json);
            Verdict verdict = invalidEvents.judge(event.event(), envelope, json);
            var record = invalidEvents.record(event.event(), envelope, json, verdict);
            pending.leaving(envelope, verdict);
            sender.send(record, pending, patience);
        } catch (InvalidEventException e) {
            pending.refuse(Outcome.REJECTED, e);
        } catch (PublishFailedException e) {
            pending.refuse(session.abandoning() ? Outcome.ABANDONED : Outcome.FAILED, e);
        } catch (RuntimeException | StackOverflowError e) {
            pending.refuse(Outcome.FAILED, unforeseen(offered.event(), e));
        } finally {
            session.left();
        }
        return pending.future();
    }

    /** Sends a record without a value, which deletes its key in a compacted topic. */
    CompletableFuture<Published> delete(EventDefinition event, PublishOptions options, Duration maxBlock) {
        return sendPlain(event.topic(), envelopes.tombstone(event, options), null, maxBlock);
    }

    /** Sends a record that tests the connection to a topic. */
    CompletableFuture<Published> probe(String topic, Duration maxBlock) {
        return sendPlain(topic, envelopes.probe(), Records.PROBE, maxBlock);
    }

    /** Sends what there is nothing to intercept, encode or check in. */
    private CompletableFuture<Published> sendPlain(
            String topic, Envelope envelope, byte @Nullable [] value, Duration maxBlock) {
        Pending pending = session.enter(envelope.attributes().type(), topic);
        Patience patience = Patience.since(pending.offeredAt(), maxBlock, calledOff);
        try {
            pending.leaving(envelope, Verdict.PUBLISH);
            sender.send(Records.record(topic, envelope, value), pending, patience);
        } catch (PublishFailedException e) {
            pending.refuse(session.abandoning() ? Outcome.ABANDONED : Outcome.FAILED, e);
        } finally {
            session.left();
        }
        return pending.future();
    }

    private Outgoing intercept(Outgoing offered) {
        Outgoing event = offered;
        for (PublishInterceptor interceptor : interceptors) {
            event = interceptor.intercept(event);
        }
        return event;
    }

    private static PublishFailedException unforeseen(EventDefinition event, Throwable cause) {
        String what = cause instanceof CdpException
                ? cause.getMessage()
                : cause.getClass().getName();
        return new PublishFailedException(
                event.name() + " was not sent: it could not be intercepted or encoded: " + what,
                Retry.WILL_NOT_HELP,
                cause);
    }
}
