package dev.cdp.producer;

import java.util.Objects;

import dev.cdp.core.CdpException;
import dev.cdp.core.validation.ValidationReport;

/**
 * The outcome of an event that was rejected: it is not what the catalog says, and never reached its topic. A
 * {@link PublishInterceptor} that refuses an event throws it too.
 */
public final class InvalidEventException extends CdpException {

    private final String event;
    private final ValidationReport report;

    /** The rejection of an event, with every violation that was found. */
    public InvalidEventException(String event, ValidationReport report) {
        super(event + " was rejected:\n  " + report.toString().replace("\n", "\n  "));
        this.event = Objects.requireNonNull(event, "event");
        this.report = Objects.requireNonNull(report, "report");
    }

    /** The event's name. */
    public String event() {
        return event;
    }

    /** Every violation. */
    public ValidationReport report() {
        return report;
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
