package dev.cdp.consumer;

import java.util.Optional;

import dev.cdp.consumer.dlq.Failure;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Mode;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.registry.SchemaRegistry;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;
import dev.cdp.core.wire.RecordReader;
import org.jspecify.annotations.Nullable;

/** Tells what a record is and whether it may go on: decodes it, then validates it. Thread-safe. */
final class Judge {

    private final RecordReader reader;
    private final EventValidator validator;
    private final String group;
    private final boolean validates;

    Judge(Catalog catalog, @Nullable SchemaRegistry registry, String group, boolean validates) {
        this.reader = registry == null ? new RecordReader(catalog) : new RecordReader(catalog, registry);
        this.validator = EventValidator.of(catalog);
        this.group = group;
        this.validates = validates;
    }

    /** Whether a record was redriven for a group that is not this one. */
    boolean forAnotherGroup(IncomingRecord in) {
        return in.headers()
                .text(DeadLetterHeaders.REDRIVE_GROUP)
                .filter(meant -> !meant.equals(group))
                .isPresent();
    }

    /**
     * What a record is, or the failure for which it is none.
     *
     * @throws dev.cdp.core.CdpException if that cannot be told now, because a registry does not answer
     */
    Reading read(IncomingRecord in) {
        return reader.read(in);
    }

    /** What its schema says of an event, if it is asked; the answer is the same at every read of the same record. */
    ValidationReport validate(Reading.Known known) {
        if (!validates) {
            return ValidationReport.ok();
        }
        return validator.validate(known.definition().name(), known.version(), known.payload());
    }

    /** What its schema says of a payload of a version that the catalog knows. */
    ValidationReport validate(String event, int version, byte[] payload) {
        return validator.validate(event, version, payload);
    }

    /** Why a handler may not have it, by the event's mode. What is no JSON never goes on. */
    Optional<Failure> refusedForHandler(Reading.Known known, ValidationReport report) {
        if (report.valid()) {
            return Optional.empty();
        }
        DeadLetterReason reason = report.reason().orElse(DeadLetterReason.INVALID);
        boolean tolerated = known.definition().mode() != Mode.ENFORCE && reason != DeadLetterReason.UNDECODABLE;
        return tolerated
                ? Optional.empty()
                : Optional.of(Failure.invalid(reason, known.definition().name(), report));
    }

    /**
     * Why a sink cannot have it: a sink always enforces what its table can hold, the event's time included.
     *
     * @param places for where the values of the table's columns stand in it
     */
    Optional<Failure> refusedForSink(Reading.Known known, IncomingRecord in, FieldPlaces places) {
        ValidationReport report =
                validator.validate(known.definition().name(), known.version(), known.payload(), places);
        if (report.valid()) {
            report = validator.validateTime(
                    known.definition(), known.attributes().time(), in.timestamp());
        }
        ValidationReport found = report;
        return report.reason()
                .map(reason -> Failure.invalid(reason, known.definition().name(), found));
    }

    /** The failure of what is no event. */
    static Failure unknown(Reading.Unknown unknown) {
        return Failure.of(unknown.reason(), "decode", unknown.event(), unknown.message());
    }
}
