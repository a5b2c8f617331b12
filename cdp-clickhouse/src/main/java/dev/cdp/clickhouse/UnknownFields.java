package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;

/**
 * The fields of one payload that its table has no columns for, as {@code Map(String, String)}: where a field stands, as a
 * JSON Pointer, and its JSON. One thread at a time.
 */
final class UnknownFields {

    private final RowBuffer entries = new RowBuffer(256);
    private int count;

    void clear() {
        entries.truncate(0);
        count = 0;
    }

    /** Takes the value that the cursor stands at, and leaves the cursor at its last token. */
    void add(JsonCursor json) {
        byte[] pointer = json.pointer().getBytes(StandardCharsets.UTF_8);
        int start = json.tokenStart();
        json.parser().skipChildren();
        entries.string(pointer, 0, pointer.length);
        json.copyFrom(start, entries);
        count++;
    }

    void write(RowBuffer out) {
        out.varUInt(count);
        out.raw(entries.bytes(), 0, entries.size());
    }
}
