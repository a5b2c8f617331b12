package dev.cdp.producer;

import java.util.Optional;

/**
 * What a spool holds.
 *
 * @param waiting events that no broker has acknowledged
 * @param bytes of its files; those of a file go when its last event is acknowledged
 * @param recovered events that an earlier producer had left and this one found
 * @param cutBytes bytes of a last event that was not written to its end, because its process died
 * @param damagedBytes bytes that had changed on the disk; their events are lost, and the file as it was is kept aside, as
 *     {@code *.damaged-*}
 * @param problem the class of the error for which nothing can be sent right now; the log has the rest, and it is tried again
 */
public record SpoolState(
        long waiting, long bytes, long recovered, long cutBytes, long damagedBytes, Optional<String> problem) {}
