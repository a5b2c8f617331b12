package dev.cdp.consumer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.consumer.dlq.Failure;
import dev.cdp.consumer.dlq.KafkaDeadLetters;

/**
 * Sends records to their dead letter topics, and brings each acknowledgement back to the owner thread as an outcome.
 * Owner thread only.
 */
final class DeadLetterOffice {

    private final DeadLetterRoutes routes;
    private final DeadLetters letters;
    private final Refusals refusals;
    private final Workers workers;

    DeadLetterOffice(DeadLetterRoutes routes, DeadLetters letters, Refusals refusals, Workers workers) {
        this.routes = routes;
        this.letters = letters;
        this.refusals = refusals;
        this.workers = workers;
    }

    /** Sends a record; {@link Outcome.Acknowledged} follows. */
    void send(Line line, Entry entry, Failure failure) {
        String topic = routes.route(entry.record().topic(), failure.event());
        letters.send(new DeadLetter(topic, entry.record(), failure, entry.attempts() + 1))
                .thenRun(() -> workers.report(new Outcome.Acknowledged(line, entry, failure)));
    }

    /** Whether a dead letter topic refuses letters at the moment. */
    boolean outage() {
        return !refusals.byTopic.isEmpty();
    }

    /** The topics that refuse letters at the moment, each with the class of the error. */
    Map<String, String> refusing() {
        return Map.copyOf(refusals.byTopic);
    }

    void close(Duration timeout) {
        letters.close(timeout);
    }

    /** Which topics refuse letters; told by the threads of the producer. */
    static final class Refusals implements KafkaDeadLetters.OutageObserver {

        private final ConcurrentHashMap<String, String> byTopic = new ConcurrentHashMap<>();

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
