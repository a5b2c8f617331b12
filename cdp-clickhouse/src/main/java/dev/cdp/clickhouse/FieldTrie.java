package dev.cdp.clickhouse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.core.schema.Column;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Where in a payload the fields of columns stand: JSON names by depth, compiled once. Thread-safe once built. */
final class FieldTrie {

    private static final int NO_SLOT = -1;

    private final Map<String, FieldTrie> children = new HashMap<>();
    private int slot = NO_SLOT;

    private FieldTrie() {}

    /** The slot of a column is its place in the list. */
    static FieldTrie of(List<Column> columns) {
        FieldTrie root = new FieldTrie();
        for (int i = 0; i < columns.size(); i++) {
            FieldTrie here = root;
            for (String name : columns.get(i).pointer().substring(1).split("/", -1)) {
                String plain = name.replace("~1", "/").replace("~0", "~");
                here = here.children.computeIfAbsent(plain, n -> new FieldTrie());
            }
            here.slot = i;
        }
        return root;
    }

    /** Fills the slots of one payload. */
    void read(byte[] payload, FieldSlots slots) throws RejectedRowException {
        try (JsonCursor json = new JsonCursor(payload)) {
            if (json.parser().nextToken() != JsonToken.START_OBJECT) {
                throw new RejectedRowException("expected a JSON object, found something else");
            }
            read(json, slots);
            if (json.parser().nextToken() != null) {
                throw new RejectedRowException("expected one JSON object, found more behind it");
            }
        }
    }

    /** Fills the slots of the object whose beginning the cursor stands at, and leaves it at its end. */
    void read(JsonCursor json, FieldSlots slots) throws RejectedRowException {
        slots.clear();
        object(json, slots, Others.KEEP);
    }

    private void object(JsonCursor json, FieldSlots slots, Others others) throws RejectedRowException {
        JsonParser parser = json.parser();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            @Nullable FieldTrie child = children.get(name);
            JsonToken token = parser.nextToken();
            if (child == null) {
                others.take(json, slots);
            } else {
                child.value(token, json, slots, others);
            }
        }
    }

    private void value(JsonToken token, JsonCursor json, FieldSlots slots, Others others) throws RejectedRowException {
        boolean inside = token == JsonToken.START_OBJECT && !children.isEmpty();
        if (inside && slot == NO_SLOT) {
            object(json, slots, others);
        } else if (inside && slots.holdsJson(slot)) {
            int start = json.tokenStart();
            object(json, slots, Others.SKIP);
            slots.putJson(slot, start, json);
        } else if (slot != NO_SLOT) {
            slots.put(slot, json);
        } else if (token != JsonToken.VALUE_NULL) {
            others.take(json, slots);
        }
    }

    /** What becomes of a field that has no column. */
    private enum Others {
        KEEP,
        /** It is part of a text that is kept. */
        SKIP;

        void take(JsonCursor json, FieldSlots slots) {
            if (this == KEEP) {
                slots.keep(json);
            } else {
                json.parser().skipChildren();
            }
        }
    }
}
