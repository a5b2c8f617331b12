package dev.cdp.core.wire;

import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.EventHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * CloudEvents 1.0 structured mode: one JSON object holds the attributes and, as its member {@code data}, the payload,
 * whose bytes are taken as they stand.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">JSON Event Format
 *     for CloudEvents 1.0.2</a>
 */
final class StructuredMode {

    private static final String ANY = "application/cloudevents";
    private static final String JSON = "application/cloudevents+json";
    private static final String DATA_BASE64 = "data_base64";
    private static final String CONTENT_TYPE = "datacontenttype";
    private static final Set<String> ATTRIBUTES =
            Set.of("specversion", "id", "type", "source", "time", "subject", "dataschema", CONTENT_TYPE, DATA_BASE64);

    /** The payload's own limits are the validator's: these only have to be wider. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(500)
                    .maxStringLength(64 << 20)
                    .build())
            .build();

    private StructuredMode() {}

    /** Whether the content type says so; a record in another of CloudEvents' formats is meant too, and then refused. */
    static boolean isMeant(EventHeaders headers) {
        byte[] type = headers.bytes(CloudEvents.CONTENT_TYPE).orElse(null);
        return type != null && type.length >= ANY.length() && mediaType(headers).startsWith(ANY);
    }

    private static String mediaType(EventHeaders headers) {
        return essence(headers.text(CloudEvents.CONTENT_TYPE).orElse(""));
    }

    /** A media type without its parameters. */
    private static String essence(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    static Stated read(EventHeaders headers, byte[] value) throws UnreadableException {
        if (!mediaType(headers).equals(JSON)) {
            throw UnreadableException.undecodable("content-type: expected " + JSON
                    + " or CloudEvents binary mode, found another format of CloudEvents, a batch perhaps");
        }
        Map<String, String> attributes = new HashMap<>();
        byte[] data = members(value, attributes);
        for (String required : new String[] {"specversion", "id", "type", "source"}) {
            if (attributes.getOrDefault(required, "").isEmpty()) {
                throw broken("attribute " + required + " is missing");
            }
        }
        if (!attributes.getOrDefault("specversion", "").equals("1.0")) {
            throw broken("attribute specversion is not 1.0");
        }
        String contentType = essence(orJson(attributes.getOrDefault(CONTENT_TYPE, "")));
        if (!contentType.endsWith("/json") && !contentType.endsWith("+json")) {
            throw broken("attribute datacontenttype is not JSON");
        }
        return new Stated(
                Stated.Mode.STRUCTURED,
                attributes.getOrDefault("type", ""),
                attributes.get("id"),
                attributes.get("source"),
                attributes.get("time"),
                attributes.get("subject"),
                attributes.get("dataschema"),
                payload(data, attributes.get(DATA_BASE64)));
    }

    private static String orJson(String contentType) {
        return contentType.isEmpty() ? "application/json" : contentType;
    }

    private static byte[] payload(byte @Nullable [] data, @Nullable String base64) throws UnreadableException {
        if (data == null && base64 == null) {
            throw broken("there is no data");
        }
        if (data != null && base64 != null) {
            throw broken("there are both data and data_base64");
        }
        try {
            return data == null ? Base64.getDecoder().decode(base64) : data;
        } catch (IllegalArgumentException e) {
            throw broken("data_base64 is not Base64");
        }
    }

    /** Collects the attributes; returns the bytes of {@code data} as they stand, or null. */
    private static byte @Nullable [] members(byte[] value, Map<String, String> attributes) throws UnreadableException {
        byte[] data = null;
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw broken("it is no JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                if (name.equals("data")) {
                    data = slice(parser, value);
                } else if (!ATTRIBUTES.contains(name)) {
                    parser.skipChildren();
                } else if (token == JsonToken.VALUE_STRING) {
                    attributes.put(name, parser.getString());
                } else if (token != JsonToken.VALUE_NULL) {
                    throw broken("attribute " + name + " is no text");
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw broken("something stands behind it");
            }
        } catch (JacksonException e) {
            throw broken("it is no JSON, or repeats a member");
        }
        return data;
    }

    private static byte[] slice(JsonParser parser, byte[] value) throws UnreadableException {
        long from = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        long to = parser.currentLocation().getByteOffset();
        if (from < 0 || to < from || to > value.length) {
            throw broken("it is not in UTF-8");
        }
        return Arrays.copyOfRange(value, (int) from, (int) to);
    }

    private static UnreadableException broken(String found) {
        return UnreadableException.undecodable("the envelope of a CloudEvent in structured mode: " + found
                + "; expected {\"specversion\":\"1.0\",\"id\":…,\"type\":…,\"source\":…,\"data\":…}");
    }
}
