package dev.cdp.clickhouse;

import java.util.List;

import dev.cdp.core.schema.Column;

/**
 * Writes the fields of a row from the payload's tokens, and the fields that have no column. One thread at a time; the same
 * one serves one payload after the other.
 */
final class TokenRow {

    private final FieldTrie trie;
    private final UnknownFields unknown = new UnknownFields();
    private final FieldSlots slots;

    TokenRow(List<Column> columns, FieldTrie trie) {
        this.trie = trie;
        this.slots = new FieldSlots(columns, unknown);
    }

    /** What was written before an exception is to be forgotten. */
    void write(byte[] payload, RowBuffer out) throws RejectedRowException {
        unknown.clear();
        trie.read(payload, slots);
        slots.assemble(out);
        unknown.write(out);
    }
}
