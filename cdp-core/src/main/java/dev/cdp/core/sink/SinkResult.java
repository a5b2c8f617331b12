package dev.cdp.core.sink;

import java.util.List;

import dev.cdp.core.event.DeadLetterReason;

/**
 * What became of a batch: either all of its events are stored, or some were rejected and <em>nothing</em> is. After a
 * rejection the consumer settles the rejected events and writes the rest under the same id.
 *
 * @param accepted how many events are stored; 0 if any was rejected
 * @param rejected the events that can never be stored
 */
public record SinkResult(int accepted, List<Rejection> rejected) {

    /** Copies the list. */
    public SinkResult {
        rejected = List.copyOf(rejected);
        if (accepted > 0 && !rejected.isEmpty()) {
            throw new IllegalArgumentException("a sink that rejects events of a batch stores none of it; accepted="
                    + accepted + ", rejected=" + rejected.size());
        }
    }

    /** All of them are stored. */
    public static SinkResult stored(int events) {
        return new SinkResult(events, List.of());
    }

    /** These can never be stored, and nothing of the batch is. */
    public static SinkResult rejected(List<Rejection> rejected) {
        return new SinkResult(0, rejected);
    }

    /**
     * An event that can never be stored.
     *
     * @param offset its record's offset
     * @param reason what its dead letter says
     * @param path JSON Pointer of the field, or empty
     * @param message what the store expected, without a value of the payload
     */
    public record Rejection(long offset, DeadLetterReason reason, String path, String message) {}
}
