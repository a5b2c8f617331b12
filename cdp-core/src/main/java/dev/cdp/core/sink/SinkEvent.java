package dev.cdp.core.sink;

import java.util.Optional;

import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.schema.FieldPlaces;
import org.jspecify.annotations.Nullable;

/**
 * One validated event of a batch.
 *
 * @param offset its record's offset
 * @param attributes its CloudEvents attributes
 * @param version the schema version it was validated against
 * @param payload its JSON, UTF-8, not a copy
 * @param placesOrNull where the values of its table's columns stand in the payload, if its validation has told; not a copy
 */
@SuppressWarnings(
        "ArrayRecordComponent") // events are never compared, and a copy a record would cost more than it guards
public record SinkEvent(
        long offset,
        EventAttributes attributes,
        int version,
        byte[] payload,
        @Nullable FieldPlaces placesOrNull) {

    /** An event of which only the payload is known. */
    public SinkEvent(long offset, EventAttributes attributes, int version, byte[] payload) {
        this(offset, attributes, version, payload, null);
    }

    /** Where the values of its table's columns stand in the payload, if its validation has told. */
    public Optional<FieldPlaces> places() {
        return Optional.ofNullable(placesOrNull);
    }

    /** Names the event and leaves its payload out. */
    @Override
    public String toString() {
        return "SinkEvent[" + attributes.type() + " v" + version + " @" + offset + "]";
    }
}
