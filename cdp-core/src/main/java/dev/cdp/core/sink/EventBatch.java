package dev.cdp.core.sink;

import java.util.List;

/**
 * Validated events of one partition, to be stored together. The offsets that it covers and that have no event here were
 * dead-lettered, are of no interest to the sink, or never held a record.
 *
 * @param id names the batch; the same id comes with the same events, less those that a sink has rejected
 * @param events by ascending offset
 */
public record EventBatch(BatchId id, List<SinkEvent> events) {

    /** Copies the list. */
    public EventBatch {
        events = List.copyOf(events);
    }

    @Override
    public String toString() {
        return "EventBatch[" + id + ", " + events.size() + " events]";
    }
}
