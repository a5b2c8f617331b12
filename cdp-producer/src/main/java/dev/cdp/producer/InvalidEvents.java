package dev.cdp.producer;

import java.util.HashMap;
import java.util.Map;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.validation.ViolationsJson;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells valid events from invalid ones and decides what becomes of those. Thread-safe. */
final class InvalidEvents {

    private static final Logger LOG = LoggerFactory.getLogger(InvalidEvents.class);

    private final Catalog catalog;
    private final EventValidator validator;
    private final Map<String, OnInvalid> policies;
    private final Listeners listeners;

    /** Without a policy of its own an event has the one of its mode. */
    InvalidEvents(Catalog catalog, EventValidator validator, Map<String, OnInvalid> policies, Listeners listeners) {
        this.catalog = catalog;
        this.validator = validator;
        this.policies = policies;
        this.listeners = listeners;
    }

    /** The same, except that what would be quarantined is rejected alone. */
    InvalidEvents withoutQuarantine() {
        Map<String, OnInvalid> rejecting = new HashMap<>(policies);
        rejecting.replaceAll((event, policy) -> policy == OnInvalid.QUARANTINE ? OnInvalid.REJECT : policy);
        return new InvalidEvents(catalog, validator, rejecting, listeners);
    }

    OnInvalid policy(EventDefinition event) {
        return policies.getOrDefault(event.name(), OnInvalid.of(event.mode()));
    }

    /** Whether an event goes to its topic; throws if it is rejected. */
    Verdict judge(EventDefinition event, Envelope envelope, byte[] json) {
        ValidationReport report = validator.validate(event.name(), json);
        if (report.valid()) {
            report = validator.validateTime(event, envelope.attributes().time(), envelope.timestamp());
        }
        if (report.valid()) {
            return Verdict.PUBLISH;
        }
        switch (policy(event)) {
            case REJECT -> throw new InvalidEventException(event.name(), report);
            case QUARANTINE -> {
                return new Verdict(report);
            }
            case WARN -> LOG.warn("{} is published although it is invalid:\n{}", event.name(), report);
            case OBSERVE -> LOG.debug("{} is published although it is invalid", event.name());
        }
        listeners.tolerated(event.name(), report);
        return Verdict.PUBLISH;
    }

    /** The record of an event by its verdict: for its topic, or for its dead letter topic. */
    ProducerRecord<byte[], byte[]> record(EventDefinition event, Envelope envelope, byte[] json, Verdict verdict) {
        if (!verdict.quarantined()) {
            return Records.record(event.topic(), envelope, json);
        }
        ValidationReport report = verdict.report();
        EventHeaders headers = EventHeaders.builder()
                .add(DeadLetterHeaders.TOPIC, event.topic())
                .add(DeadLetterHeaders.CONNECTOR_NAME, "producer")
                .add(DeadLetterHeaders.STAGE, "validate")
                .add(
                        DeadLetterHeaders.REASON,
                        report.reason().orElse(DeadLetterReason.INVALID).name())
                .add(DeadLetterHeaders.VIOLATIONS, ViolationsJson.of(report))
                .add(DeadLetterHeaders.EVENT, event.name())
                .add(DeadLetterHeaders.CATALOG_VERSION, catalog.hash())
                .add(DeadLetterHeaders.ATTEMPTS, "1")
                .add(DeadLetterHeaders.FINGERPRINT, report.fingerprint())
                .add(DeadLetterHeaders.REDRIVE_COUNT, "0")
                .add(DeadLetterHeaders.FAILED_AT, envelope.timestamp().toString())
                .build();
        return Records.record(event.deadLetterTopic(), envelope, json, headers);
    }

    /**
     * What becomes of an event that is sent.
     *
     * @param report why it is a dead letter; valid for one that goes to its topic
     */
    record Verdict(ValidationReport report) {

        static final Verdict PUBLISH = new Verdict(ValidationReport.ok());

        boolean quarantined() {
            return !report.valid();
        }
    }
}
