package dev.cdp.consumer;

/**
 * What a consumer leaves behind.
 *
 * @param drained whether all that was in flight ended and is committed; then nothing of it is delivered again
 * @param processed records that were handled or stored since the start
 * @param deadLettered records that were dead-lettered since the start
 * @param probes records that test a connection and went nowhere
 * @param abandoned records that were in flight when the time was over; they are delivered again. Of a handler of batches, a
 *     batch counts as one
 */
public record CloseReport(boolean drained, long processed, long deadLettered, long probes, int abandoned) {}
