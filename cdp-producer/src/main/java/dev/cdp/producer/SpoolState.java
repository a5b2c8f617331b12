package dev.cdp.producer;

/**
 * What a spool holds.
 *
 * @param waiting events that no broker has acknowledged
 * @param bytes of its files; those of a file go when its last event is acknowledged
 * @param recovered events that an earlier producer had left and this one found
 * @param cutBytes bytes that were cut off because they were torn or damaged
 */
public record SpoolState(long waiting, long bytes, long recovered, long cutBytes) {}
