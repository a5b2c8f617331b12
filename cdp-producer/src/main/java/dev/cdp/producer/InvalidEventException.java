package dev.cdp.producer;

import java.util.Objects;
import java.util.Optional;

import dev.cdp.core.CdpException;
import dev.cdp.core.validation.ValidationReport;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an event that was rejected: it is not what the catalog says, and never reached its topic. A
 * {@link PublishInterceptor} that refuses an event throws it too.
 */
public final class InvalidEventException extends CdpException {

    private final String event;
    private final ValidationReport report;
    private final @Nullable Published deadLetter;

    /** The rejection of an event, with every violation that was found. */
    public InvalidEventException(String event, ValidationReport report) {
        this(event, report, null, null);
    }

    InvalidEventException(
            String event, ValidationReport report, @Nullable Published deadLetter, @Nullable CdpException notKept) {
        super(
                event + " was rejected:\n  " + report.toString().replace("\n", "\n  ")
                        + (deadLetter == null ? "" : "\n  and is kept as dead letter " + deadLetter)
                        + (notKept == null ? "" : "\n  and could not be kept as a dead letter"),
                notKept);
        this.deadLetter = deadLetter;
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

    /** Where a copy of it is, if it was quarantined and the dead letter was acknowledged. */
    public Optional<Published> deadLetter() {
        return Optional.ofNullable(deadLetter);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
