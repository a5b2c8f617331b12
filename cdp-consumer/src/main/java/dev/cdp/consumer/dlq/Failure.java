package dev.cdp.consumer.dlq;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.validation.ValidationReport;

/**
 * Why a record will never be processed. It holds no value of the record.
 *
 * @param reason the stable code
 * @param stage the room of the path in which it failed: {@code decode}, {@code validate}, {@code bind}, {@code handle}
 *     or {@code sink}
 * @param event the event's name, else empty
 * @param message what was expected and what was found, else empty
 * @param exceptionClass the class of what was thrown, else empty
 * @param stackTrace where it was thrown, without messages, else empty
 * @param report every violation; valid where validation was not what failed
 */
public record Failure(
        DeadLetterReason reason,
        String stage,
        String event,
        String message,
        String exceptionClass,
        String stackTrace,
        ValidationReport report) {

    /** A failure that a validation found. */
    public static Failure invalid(DeadLetterReason reason, String event, ValidationReport report) {
        String first =
                report.violations().isEmpty() ? "" : report.violations().get(0).toString();
        return new Failure(reason, "validate", event, first, "", "", report);
    }

    /** A failure that is no violation and no exception. */
    public static Failure of(DeadLetterReason reason, String stage, String event, String message) {
        return new Failure(reason, stage, event, message, "", "", ValidationReport.ok());
    }

    /** A failure that a sink found in one row. */
    public static Failure refusedBySink(DeadLetterReason reason, String event, ValidationReport report) {
        String first =
                report.violations().isEmpty() ? "" : report.violations().get(0).message();
        return new Failure(reason, "sink", event, first, "", "", report);
    }

    /** A failure by an exception, of which class and frames are kept: its message may quote the payload. */
    public static Failure thrown(DeadLetterReason reason, String stage, String event, Throwable thrown) {
        return new Failure(
                reason, stage, event, "", thrown.getClass().getName(), StackTraces.of(thrown), ValidationReport.ok());
    }

    /** The same failure with a message that is known to hold no value of the record. */
    public Failure withMessage(String safe) {
        return new Failure(reason, stage, event, safe, exceptionClass, stackTrace, report);
    }

    /** Groups what failed the same way: eight hex digits. */
    public String fingerprint() {
        if (!report.valid()) {
            return report.fingerprint();
        }
        CRC32C crc = new CRC32C();
        crc.update((reason + "\n" + stage + "\n" + event + "\n" + exceptionClass).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
