package dev.cdp.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.event.EventIds;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the records of dead letter topics as events {@code dead_letter}: every record is one, whatever stands in it, so
 * that none is lost between the topic and its table. Thread-safe.
 */
final class DeadLetterReader {

    private static final JsonMapper JSON = new JsonMapper();

    private final Catalog catalog;
    private final EventDefinition definition;

    DeadLetterReader(Catalog catalog, EventDefinition definition) {
        this.catalog = catalog;
        this.definition = definition;
    }

    Reading read(IncomingRecord in) {
        EventHeaders headers = in.headers();
        ObjectNode letter = JSON.createObjectNode();
        letter.put("reason", headers.text(DeadLetterHeaders.REASON).orElse(""));
        text(letter, "event", headers, DeadLetterHeaders.EVENT);
        text(letter, "fingerprint", headers, DeadLetterHeaders.FINGERPRINT);
        text(letter, "message", headers, DeadLetterHeaders.EXCEPTION_MESSAGE);
        text(letter, "stage", headers, DeadLetterHeaders.STAGE);
        text(letter, "exception_class", headers, DeadLetterHeaders.EXCEPTION_CLASS);
        violations(letter, headers);
        origin(letter.putObject("origin"), headers);
        text(letter, "failed_by", headers, DeadLetterHeaders.CONNECTOR_NAME);
        Instant failedAt = failedAt(in);
        letter.put("failed_at", failedAt.toString());
        text(letter, "catalog_version", headers, DeadLetterHeaders.CATALOG_VERSION);
        letter.put("attempts", number(headers, DeadLetterHeaders.ATTEMPTS, 9).orElse(0L));
        letter.put(
                "redrive_count",
                number(headers, DeadLetterHeaders.REDRIVE_COUNT, 9).orElse(0L));
        letter.put("pointer", headers.bytes(DeadLetterHeaders.POINTER).isPresent());
        value(letter, in.value());
        originalHeaders(letter.putObject("headers"), headers);
        EventAttributes attributes = new EventAttributes(
                EventIds.ofRecord(in.topicId(), in.partition(), in.offset()),
                definition.name(),
                catalog.source(),
                failedAt,
                null,
                null);
        return new Reading.Known(definition, definition.version(), attributes, JSON.writeValueAsBytes(letter));
    }

    private static void text(ObjectNode letter, String name, EventHeaders headers, String header) {
        headers.text(header).ifPresent(text -> letter.put(name, text));
    }

    private static void origin(ObjectNode origin, EventHeaders headers) {
        text(origin, "topic", headers, DeadLetterHeaders.TOPIC);
        number(headers, DeadLetterHeaders.PARTITION, 9).ifPresent(number -> origin.put("partition", number));
        number(headers, DeadLetterHeaders.OFFSET, 18).ifPresent(number -> origin.put("offset", number));
    }

    private static Optional<Long> number(EventHeaders headers, String header, int digits) {
        return headers.text(header)
                .filter(text -> text.matches("[0-9]{1," + digits + "}"))
                .map(Long::valueOf);
    }

    /** The record's own time where the header is none that its table takes. */
    private static Instant failedAt(IncomingRecord in) {
        try {
            Instant time =
                    Instant.parse(in.headers().text(DeadLetterHeaders.FAILED_AT).orElse(""));
            boolean near =
                    time.isAfter(Instant.EPOCH) && time.isBefore(in.timestamp().plus(TableDefinition.MAX_AHEAD));
            return near ? time : in.timestamp();
        } catch (DateTimeException e) {
            return in.timestamp();
        }
    }

    private static void violations(ObjectNode letter, EventHeaders headers) {
        String text = headers.text(DeadLetterHeaders.VIOLATIONS).orElse("[]");
        try {
            var list = letter.putArray("violations");
            for (JsonNode violation : JSON.readTree(text)) {
                ObjectNode row = list.addObject();
                for (String name : new String[] {"path", "keyword", "code", "message"}) {
                    if (violation.path(name).isString()) {
                        row.put(name, violation.path(name).asString());
                    }
                }
            }
        } catch (JacksonException e) {
            letter.putArray("violations"); // somebody else's header; the letter is one all the same
        }
    }

    private static void value(ObjectNode letter, byte @Nullable [] value) {
        if (value == null) {
            return;
        }
        try {
            letter.put(
                    "value",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value))
                            .toString());
        } catch (CharacterCodingException e) {
            letter.put("value_base64", Base64.getEncoder().encodeToString(value));
        }
    }

    private static void originalHeaders(ObjectNode original, EventHeaders headers) {
        for (EventHeaders.Header header : headers) {
            byte[] value = header.value();
            boolean own = header.name().startsWith(DeadLetterHeaders.PREFIX)
                    || header.name().startsWith(DeadLetterHeaders.CONNECT_PREFIX);
            if (!own && value != null) {
                original.put(header.name(), new String(value, StandardCharsets.UTF_8));
            }
        }
    }
}
