package dev.cdp.core.sink;

import dev.cdp.core.event.EventAttributes;

/**
 * One validated event of a batch.
 *
 * @param offset its record's offset
 * @param attributes its CloudEvents attributes
 * @param version the schema version it was validated against
 * @param payload its JSON, UTF-8, not a copy
 */
@SuppressWarnings(
        "ArrayRecordComponent") // events are never compared, and a copy a record would cost more than it guards
public record SinkEvent(long offset, EventAttributes attributes, int version, byte[] payload) {

    /** Names the event and leaves its payload out. */
    @Override
    public String toString() {
        return "SinkEvent[" + attributes.type() + " v" + version + " @" + offset + "]";
    }
}
