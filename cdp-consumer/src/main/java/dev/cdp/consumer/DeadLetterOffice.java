package dev.cdp.consumer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.consumer.dlq.KafkaDeadLetters;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to their dead letter topics, and brings each acknowledgement back to the owner thread as an outcome.
 * Owner thread only.
 */
final class DeadLetterOffice {

    private final DeadLetterRoutes routes;
    private final @Nullable RetryTopics retryTopics;
    private final DeadLetters letters;
    private final Forwarder forwarder;
    private final Refusals refusals;
    private final Workers workers;

    /**
     * An office.
     *
     * @param retryTopics null where records wait for their next attempt in their lane
     * @param forwarder sends to retry topics
     */
    DeadLetterOffice(
            DeadLetterRoutes routes,
            @Nullable RetryTopics retryTopics,
            DeadLetters letters,
            Forwarder forwarder,
            Refusals refusals,
            Workers workers) {
        this.routes = routes;
        this.retryTopics = retryTopics;
        this.forwarder = forwarder;
        this.letters = letters;
        this.refusals = refusals;
        this.workers = workers;
    }

    /** Sends a record; {@link Outcome.Acknowledged} follows. */
    void send(Line line, Entry entry, Failure failure) {
        letters.send(letter(entry, failure))
                .thenRun(() -> workers.report(new Outcome.Acknowledged(line, entry, failure)));
    }

    /** Sends a record to a retry topic; {@link Outcome.Forwarded} follows. */
    void forward(Line line, Outcome.Failed failed, String topic, IntFunction<ProducerRecord<byte[], byte[]>> record) {
        CompletionStage<Boolean> unused = forwarder.forward(topic, record).handle((stored, tooLarge) -> {
            workers.report(new Outcome.Forwarded(line, failed.entry(), failed, tooLarge != null));
            return true;
        });
    }

    /** Stores records in topics. */
    interface Forwarder {

        /** The stage completes when a record of that topic is stored, or with an exception if it is too large for it. */
        CompletionStage<Void> forward(String topic, IntFunction<ProducerRecord<byte[], byte[]>> record);
    }

    /** The letter of a record, for whoever sends it. */
    DeadLetter letter(Entry entry, Failure failure) {
        String source = entry.record().topic();
        String topic = routes.route(retryTopics == null ? source : retryTopics.source(source), failure.event());
        return new DeadLetter(topic, entry.record(), failure, entry.attempts() + 1);
    }

    /** Whether a dead letter topic refuses letters at the moment. */
    boolean outage() {
        return !refusals.byTopic.isEmpty();
    }

    /** The topics that refuse letters at the moment, each with the class of the error. */
    Map<String, String> refusing() {
        return Map.copyOf(refusals.byTopic);
    }

    /** What the thread that stores letters died of; null while it works. */
    @Nullable
    Throwable broken() {
        return refusals.broken;
    }

    void close(Duration timeout) {
        letters.close(timeout);
    }

    /** Which topics refuse letters; told by the threads of the producer. */
    static final class Refusals implements KafkaDeadLetters.OutageObserver {

        private final ConcurrentHashMap<String, String> byTopic = new ConcurrentHashMap<>();
        private volatile @Nullable Throwable broken;

        @Override
        public void broken(Throwable cause) {
            broken = cause;
        }

        @Override
        public void refused(String topic, Exception cause) {
            byTopic.putIfAbsent(topic, cause.getClass().getName());
        }

        @Override
        public void stored(String topic) {
            byTopic.remove(topic);
        }
    }
}
