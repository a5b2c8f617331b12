package dev.cdp.core.catalog;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads a few scalar fields out of a payload in one pass over its tokens. Thread-safe. */
final class PayloadReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final Step root = new Step();
    private final int wanted;

    /** {@code null} pointers are never found. */
    PayloadReader(@Nullable String... pointers) {
        int count = 0;
        for (int i = 0; i < pointers.length; i++) {
            String pointer = pointers[i];
            if (pointer != null) {
                root.add(pointer, i);
                count++;
            }
        }
        this.wanted = count;
    }

    /** The texts at the pointers, each null where it is absent, null, or no scalar; broken JSON ends the reading. */
    @Nullable
    String[] read(byte[] json, int size) {
        @Nullable String[] found = new String[size];
        if (wanted == 0) {
            return found;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(parser, root, found);
            }
        } catch (JacksonException e) {
            return found;
        }
        return found;
    }

    private static void object(JsonParser parser, Step step, @Nullable String[] found) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            Step child = step.children.get(name);
            if (child == null) {
                parser.skipChildren();
            } else if (token == JsonToken.START_OBJECT) {
                object(parser, child, found);
            } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                for (int slot : child.slots) {
                    found[slot] = parser.getString();
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static final class Step {

        private final Map<String, Step> children = new HashMap<>();
        private int[] slots = {};

        private void add(String pointer, int slot) {
            Step here = this;
            for (String name : pointer.substring(1).split("/", -1)) {
                String plain = name.replace("~1", "/").replace("~0", "~");
                here = here.children.computeIfAbsent(plain, n -> new Step());
            }
            int[] more = java.util.Arrays.copyOf(here.slots, here.slots.length + 1);
            more[here.slots.length] = slot;
            here.slots = more;
        }
    }
}
