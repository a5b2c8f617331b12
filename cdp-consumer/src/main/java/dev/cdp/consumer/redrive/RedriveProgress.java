package dev.cdp.consumer.redrive;

/**
 * How far a redrive is. What is published and quarantined here is acknowledged and committed.
 *
 * @param read letters read so far, of those there were at its start
 * @param total letters there were at its start, at most
 * @param published letters published so far
 * @param quarantined letters moved to the quarantine topic so far
 * @param left letters asked for that stay, so far
 */
public record RedriveProgress(long read, long total, long published, long quarantined, long left) {}
