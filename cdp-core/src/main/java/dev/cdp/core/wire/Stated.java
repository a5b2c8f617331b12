package dev.cdp.core.wire;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.EventHeaders;
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

    @Nullable
    URI source() throws UnreadableException {
        return uri("source", sourceText);
    }

    @Nullable
    URI dataSchema() throws UnreadableException {
        return uri("dataschema", dataSchemaText);
    }

    @Nullable
    Instant time() throws UnreadableException {
        try {
            return timeText == null
                    ? null
                    : OffsetDateTime.parse(timeText, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            throw broken("time", "RFC 3339");
        }
    }

    private @Nullable URI uri(String attribute, @Nullable String text) throws UnreadableException {
        try {
            return text == null ? null : URI.create(text);
        } catch (IllegalArgumentException e) {
            throw broken(attribute, "a URI reference");
        }
    }

    private UnreadableException broken(String attribute, String expected) {
        return UnreadableException.undecodable(
                mode.prefix + attribute + " cannot be read; expected " + expected + ", as CloudEvents 1.0 has it");
    }
}
