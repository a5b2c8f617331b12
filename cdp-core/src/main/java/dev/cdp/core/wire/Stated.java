package dev.cdp.core.wire;

import java.net.URI;
import java.time.Instant;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.event.Rfc3339;
import org.jspecify.annotations.Nullable;

/**
 * What a record says of itself, before anything is filled in.
 *
 * @param mode where it says so
 * @param type the event's name, else empty
 * @param payload what it carries: JSON, or what stands behind a schema id
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared, and a copy would cost more than it guards
record Stated(
        Mode mode,
        String type,
        @Nullable String id,
        @Nullable String sourceText,
        @Nullable String timeText,
        @Nullable String subject,
        @Nullable String dataSchemaText,
        byte[] payload) {

    /** CloudEvents has no empty attributes: an empty one says nothing, as if it were absent. */
    Stated {
        id = orAbsent(id);
        sourceText = orAbsent(sourceText);
        timeText = orAbsent(timeText);
        subject = orAbsent(subject);
        dataSchemaText = orAbsent(dataSchemaText);
    }

    private static @Nullable String orAbsent(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** CloudEvents' two modes: attributes in headers, or in an envelope around the payload. */
    enum Mode {
        BINARY("header ce_"),
        STRUCTURED("attribute ");

        private final String prefix;

        Mode(String prefix) {
            this.prefix = prefix;
        }
    }

    static Stated of(EventHeaders headers, byte[] value) throws UnreadableException {
        return StructuredMode.isMeant(headers)
                ? StructuredMode.read(headers, value)
                : new Stated(
                        Mode.BINARY,
                        headers.text(CloudEvents.TYPE).orElse(""),
                        headers.text(CloudEvents.ID).orElse(null),
                        headers.text(CloudEvents.SOURCE).orElse(null),
                        headers.text(CloudEvents.TIME).orElse(null),
                        headers.text(CloudEvents.SUBJECT).orElse(null),
                        headers.text(CloudEvents.DATA_SCHEMA).orElse(null),
                        value);
    }

    /**
     * Who published it, if it says so.
     *
     * @param usual what most records say, which need not be parsed again
     */
    @Nullable
    URI source(URI usual) throws UnreadableException {
        return uri("source", sourceText, usual);
    }

    /**
     * The schema that it was written with, if it says so.
     *
     * @param usual what most records say, which need not be parsed again
     */
    @Nullable
    URI dataSchema(URI usual) throws UnreadableException {
        return uri("dataschema", dataSchemaText, usual);
    }

    @Nullable
    Instant time() throws UnreadableException {
        if (timeText == null) {
            return null;
        }
        Instant time = Rfc3339.parse(timeText);
        if (time == null) {
            throw broken("time", "RFC 3339");
        }
        return time;
    }

    private @Nullable URI uri(String attribute, @Nullable String text, URI usual) throws UnreadableException {
        try {
            if (text == null) {
                return null;
            }
            return text.equals(usual.toString()) ? usual : URI.create(text);
        } catch (IllegalArgumentException e) {
            throw broken(attribute, "a URI reference");
        }
    }

    private UnreadableException broken(String attribute, String expected) {
        return UnreadableException.undecodable(
                mode.prefix + attribute + " cannot be read; expected " + expected + ", as CloudEvents 1.0 has it");
    }
}
