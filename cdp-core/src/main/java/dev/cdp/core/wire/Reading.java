package dev.cdp.core.wire;

import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventAttributes;

/** What a record turned out to be. */
public sealed interface Reading {

    /**
     * An event of the catalog, not yet validated.
     *
     * @param definition what the catalog says about it
     * @param version the schema version that it carries, known to the catalog
     * @param attributes its attributes, with what was missing filled in
     * @param payload its JSON, not a copy
     */
    @SuppressWarnings("ArrayRecordComponent") // events are never compared, and a copy would cost more than it guards
    record Known(EventDefinition definition, int version, EventAttributes attributes, byte[] payload)
            implements Reading {}

    /** A record without a value: it deletes its key in a compacted topic and is no event. */
    record Tombstone() implements Reading {}

    /** A record of type {@link dev.cdp.core.event.CloudEvents#PROBE_TYPE}: it tests a connection and is no event. */
    record Probe() implements Reading {}

    /**
     * A record that is no event of the catalog.
     *
     * @param reason what its dead letter says
     * @param message what was expected and what was found
     * @param event the event's name, if it gave one, else empty
     */
    record Unknown(DeadLetterReason reason, String message, String event) implements Reading {}
}
