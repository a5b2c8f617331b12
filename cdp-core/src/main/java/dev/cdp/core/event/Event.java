package dev.cdp.core.event;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * An event as a handler receives it: its payload as a Java object, and all that came with it.
 *
 * @param payload the payload, bound to the class that the handler asked for
 * @param attributes its CloudEvents attributes
 * @param version the schema version it was validated against
 * @param headers every header of its record
 * @param bytes the payload's JSON, not a copy
 */
@SuppressWarnings(
        "ArrayRecordComponent") // events are never compared, and a copy a record would cost more than it guards
public record Event<T>(T payload, EventAttributes attributes, int version, EventHeaders headers, byte[] bytes) {

    /** Its id, the same at every delivery. */
    public String id() {
        return attributes.id();
    }

    /** Its name in the catalog. */
    public String type() {
        return attributes.type();
    }

    /** Who published it. */
    public URI source() {
        return attributes.source();
    }

    /** When it happened. */
    public Instant time() {
        return attributes.time();
    }

    /** What it is about, as {@code type:id}. */
    public Optional<String> subject() {
        return attributes.subject();
    }

    /**
     * The trace that its publisher was in, as W3C Trace Context has it: {@code 00-<trace>-<span>-<flags>}. Empty where
     * there is none, or what stands there is not one.
     */
    public Optional<String> traceParent() {
        return headers.text(CloudEvents.TRACE_PARENT).filter(CloudEvents::isTraceParent);
    }

    /** Names the event and leaves its payload out. */
    @Override
    public String toString() {
        return "Event[" + type() + " v" + version + " " + id() + "]";
    }
}
