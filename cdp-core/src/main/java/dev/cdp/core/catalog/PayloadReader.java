package dev.cdp.core.catalog;

import dev.cdp.core.catalog.FieldScan.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a few scalar fields out of a payload, over its bytes where it is plain and over a parser's tokens elsewhere. Of a
 * field that stands twice, which no schema accepts, it reads either. Thread-safe.
 */
final class PayloadReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final Fields root = new Fields();
    private final int wanted;

    /** {@code null} pointers are never found. */
    PayloadReader(@Nullable String... pointers) {
        int count = 0;
        for (int i = 0; i < pointers.length; i++) {
            String pointer = pointers[i];
            if (pointer != null) {
                add(pointer, i);
                count++;
            }
        }
        this.wanted = count;
    }

    private void add(String pointer, int slot) {
        Fields here = root;
        for (String name : pointer.substring(1).split("/", -1)) {
            here = here.childOf(name.replace("~1", "/").replace("~0", "~"));
        }
        here.addSlot(slot);
    }

    /** The texts at the pointers, each null where it is absent, null, or no scalar; broken JSON ends the reading. */
    @Nullable
    String[] read(byte[] json, int size) {
        @Nullable String[] found = new String[size];
        if (wanted == 0 || new FieldScan(json, found, wanted).scan(root)) {
            return found;
        }
        return parse(json, size);
    }

    private @Nullable String[] parse(byte[] json, int size) {
        @Nullable String[] found = new String[size];
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(parser, root, found);
            }
        } catch (JacksonException e) {
            return found;
        }
        return found;
    }

    private static void object(JsonParser parser, Fields fields, @Nullable String[] found) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            Fields child = fields.child(name);
            if (child == null) {
                parser.skipChildren();
            } else if (token == JsonToken.START_OBJECT) {
                object(parser, child, found);
            } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                for (int slot : child.slots()) {
                    found[slot] = parser.getString();
                }
            } else {
                parser.skipChildren();
            }
        }
    }
}
