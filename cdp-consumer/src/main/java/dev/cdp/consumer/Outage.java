package dev.cdp.consumer;

import java.time.Instant;

/**
 * Something that a consumer needs and that does not answer. Nothing is skipped or dead-lettered for it; lag rises until
 * it ends.
 *
 * @param what {@code sink}, or the dead letter topic
 * @param since when it was noticed
 * @param cause the class of the error; the log has the rest
 */
public record Outage(String what, Instant since, String cause) {}
