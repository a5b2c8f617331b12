package dev.cdp.core.event;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The CloudEvents 1.0 binary mode of the Kafka protocol binding: the attributes are headers, the value is the payload
 * alone.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     Protocol Binding for CloudEvents 1.0.2, section 3.2</a>
 */
public final class CloudEvents {

    /** {@code 1.0} in every event that cdp writes. */
    public static final String SPEC_VERSION = "ce_specversion";

    /** The event's id. */
    public static final String ID = "ce_id";

    /** The event's name in the catalog. */
    public static final String TYPE = "ce_type";

    /** Who published it. */
    public static final String SOURCE = "ce_source";

    /** When it happened, RFC 3339. */
    public static final String TIME = "ce_time";

    /** What it is about. */
    public static final String SUBJECT = "ce_subject";

    /** The schema's URI, with the version as its last segment. */
    public static final String DATA_SCHEMA = "ce_dataschema";

    /** The media type of the value. */
    public static final String CONTENT_TYPE = "content-type";

    /** On an event that a producer sends out of a spool it found: it may be a repeat, of the same id. */
    public static final String REPLAYED = "cdp.replayed";

    /** W3C trace context, which passes through every hop. */
    public static final String TRACE_PARENT = "traceparent";

    /**
     * The {@link #TYPE} of a probe: a record that tests a connection. It may stand on any topic of events, no catalog
     * names it, and consumers count it and give it to nobody.
     */
    public static final String PROBE_TYPE = "cdp.probe";

    private static final byte[] VERSION_1_0 = utf8("1.0");
    private static final byte[] JSON = utf8("application/json");

    private static final Pattern TRACE_PARENT_FORMAT =
            Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private CloudEvents() {}

    /**
     * Whether a text is a {@link #TRACE_PARENT}.
     *
     * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, section 3.2</a>
     */
    public static boolean isTraceParent(String text) {
        return TRACE_PARENT_FORMAT.matcher(text).matches();
    }

    /** The headers that carry the attributes of an event with a JSON payload. */
    public static EventHeaders.Builder write(EventAttributes attributes) {
        EventHeaders.Builder headers = EventHeaders.builder();
        write(attributes, headers::add);
        return headers;
    }

    /** Tells the same headers, in order, to whoever keeps them; the bytes are shared and not to be changed. */
    public static void write(EventAttributes attributes, BiConsumer<String, byte[]> to) {
        writeShared(attributes, to);
        writeOwn(attributes, to);
    }

    /** Tells of these headers those that are the same in all events of a type and a source, so as to be made once. */
    public static void writeShared(EventAttributes attributes, BiConsumer<String, byte[]> to) {
        to.accept(SPEC_VERSION, VERSION_1_0);
        to.accept(TYPE, utf8(attributes.type()));
        to.accept(SOURCE, utf8(attributes.source().toString()));
        if (attributes.dataSchemaOrNull() != null) {
            to.accept(DATA_SCHEMA, utf8(attributes.dataSchemaOrNull().toString()));
        }
        to.accept(CONTENT_TYPE, JSON);
    }

    /** Tells of these headers those that are one event's own: its id, its time and its subject. */
    public static void writeOwn(EventAttributes attributes, BiConsumer<String, byte[]> to) {
        to.accept(ID, utf8(attributes.id()));
        to.accept(TIME, Rfc3339.bytes(attributes.time()));
        if (attributes.subjectOrNull() != null) {
            to.accept(SUBJECT, utf8(attributes.subjectOrNull()));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The instant of {@link #TIME}, if there is such a header.
     *
     * @throws DateTimeParseException if it is not RFC 3339
     */
    public static Optional<Instant> time(EventHeaders headers) {
        return headers.text(TIME)
                .map(text -> OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                        .toInstant());
    }

    /** The version that a schema's URI ends in: {@code 2} of {@code //social.example/post_viewed/2}. */
    public static OptionalInt version(URI dataSchema) {
        String text = dataSchema.toString();
        String last = text.substring(text.lastIndexOf('/') + 1);
        if (last.isEmpty() || last.length() > 9 || !last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(last));
    }
}
