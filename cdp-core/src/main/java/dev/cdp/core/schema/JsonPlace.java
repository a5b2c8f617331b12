package dev.cdp.core.schema;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Where a value stands in a JSON text.
 *
 * @param line from 1, or 0 where it cannot be had
 * @param column from 1, or 0
 */
record JsonPlace(int line, int column) {

    private static final JsonPlace UNKNOWN = new JsonPlace(0, 0);

    /** The place of the value at a pointer, or of the nearest value around it; the parser stands before the text. */
    static JsonPlace find(JsonParser parser, String pointer) {
        JsonPlace place = UNKNOWN;
        try {
            parser.nextToken();
            place = here(parser);
            String[] segments =
                    pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1);
            for (String segment : segments) {
                if (!enter(parser, segment.replace("~1", "/").replace("~0", "~"))) {
                    return place;
                }
                place = here(parser);
            }
        } catch (JacksonException e) {
            return place; // what stands before a fault still has its place
        }
        return place;
    }

    /** A pointer's segment, escaped by RFC 6901. */
    static String segment(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static boolean enter(JsonParser parser, String name) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            for (String key = parser.nextName(); key != null; key = parser.nextName()) {
                parser.nextToken();
                if (key.equals(name)) {
                    return true;
                }
                parser.skipChildren();
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                if (name.equals(Integer.toString(i))) {
                    return true;
                }
                parser.skipChildren();
            }
        }
        return false;
    }

    private static JsonPlace here(JsonParser parser) {
        TokenStreamLocation location = parser.currentTokenLocation();
        return new JsonPlace(location.getLineNr(), location.getColumnNr());
    }
}
