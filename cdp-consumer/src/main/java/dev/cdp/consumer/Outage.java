package dev.cdp.consumer;

import java.time.Instant;

/**
 * Something that a consumer needs and that does not answer, or a {@link DeadLetterLimit} that was reached. Nothing is
 * skipped or dead-lettered for it; lag rises until it ends.
 *
 * @param what {@code sink of TOPIC}, {@code handlers of TOPIC}, {@code schema registry}, the dead letter topic, or
 *     {@code dead letter limit of PARTITION}
 * @param since when it was noticed
 * @param cause the class of the error, with the message where it is one of cdp's own; the log has the rest. For a limit
 *     which event, and how it was reached
 */
public record Outage(String what, Instant since, String cause) {}
