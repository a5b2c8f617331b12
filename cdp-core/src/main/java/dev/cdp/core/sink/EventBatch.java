package dev.cdp.core.sink;

import java.util.List;
import java.util.Objects;

/**
 * Validated events of one partition, to be stored together. The offsets that it covers and that have no event here were
 * dead-lettered, are of no interest to the sink, or never held a record.
 *
 * @param id names the batch; the same id comes with the same events, less those that a sink has rejected
 * @param events by ascending offset
 * @param attempt whether somebody may have stored it already
 */
public record EventBatch(BatchId id, List<SinkEvent> events, Attempt attempt) {

    /** Copies the list. */
    public EventBatch {
        events = List.copyOf(events);
        Objects.requireNonNull(attempt, "attempt");
    }

    /** A batch that nobody has tried to store. */
    public EventBatch(BatchId id, List<SinkEvent> events) {
        this(id, events, Attempt.FIRST);
    }

    /** What is known of earlier attempts to store a batch. */
    public enum Attempt {
        /** Nobody has tried to store it, or it is known that none of it is stored. */
        FIRST,
        /** Somebody has, this process or one before it, and what became of it is not known. */
        AGAIN
    }

    @Override
    public String toString() {
        return "EventBatch[" + id + ", " + events.size() + " events]";
    }
}
