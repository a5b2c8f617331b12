package dev.cdp.benchmarks;

import java.util.Map;

/**
 * What a peer does in its turn.
 *
 * @param kafka the Kafka properties, the group's id among them
 * @param inFlight how many records are handled at once, 1 for the peer's own default
 * @param handler called for each record, by any thread
 */
record ConsumeJob(Map<String, Object> kafka, int inFlight, Runnable handler) {}
