package dev.cdp.clickhouse;

import java.util.Arrays;
import java.util.List;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;

/**
 * The fields of one payload as they were found, to be put into a row in the order of its columns. One thread at a time;
 * the same slots serve one payload after the other.
 */
final class FieldSlots {

    private static final int ABSENT = -1;

    private final List<Column> columns;
    private final List<ValueEncoder> encoders;
    private final UnknownFields unknown;
    private final RowBuffer scratch = new RowBuffer(4096);
    private final int[] starts;
    private final int[] ends;

    /** {@code unknown} takes the fields that have no slot. */
    FieldSlots(List<Column> columns, UnknownFields unknown) {
        this.columns = columns;
        this.unknown = unknown;
        this.encoders = columns.stream()
                .map(column -> ValueEncoders.of(column.type(), unknown))
                .toList();
        this.starts = new int[columns.size()];
        this.ends = new int[columns.size()];
        clear();
    }

    void clear() {
        scratch.truncate(0);
        Arrays.fill(starts, ABSENT);
    }

    /** Whether a slot holds the JSON text of whatever stands at its field. */
    boolean holdsJson(int slot) {
        ColumnType type = columns.get(slot).type();
        return type instanceof ColumnType.JsonText
                || (type instanceof ColumnType.Nullable nullable && nullable.element() instanceof ColumnType.JsonText);
    }

    /** Encodes the value that the cursor stands at, and leaves the cursor at its last token. */
    void put(int slot, JsonCursor json) throws RejectedRowException {
        begin(slot);
        try {
            encoders.get(slot).encode(json, scratch);
        } catch (UnfitValueException e) {
            throw new RejectedRowException(columns.get(slot), e.expectedAndFound());
        }
        ends[slot] = scratch.size();
    }

    /** Keeps the value that the cursor stands at, which has no slot. */
    void keep(JsonCursor json) {
        unknown.add(json);
    }

    /** Takes the payload's text from {@code start} to the cursor's token, which ends an object, as the slot's JSON. */
    void putJson(int slot, int start, JsonCursor json) throws RejectedRowException {
        begin(slot);
        if (columns.get(slot).optional()) {
            scratch.int8(0);
        }
        json.copyFrom(start, scratch);
        ends[slot] = scratch.size();
    }

    void assemble(RowBuffer out) throws RejectedRowException {
        for (int slot = 0; slot < starts.length; slot++) {
            if (starts[slot] != ABSENT) {
                out.raw(scratch.bytes(), starts[slot], ends[slot]);
            } else {
                absent(columns.get(slot), out);
            }
        }
    }

    private void begin(int slot) throws RejectedRowException {
        if (starts[slot] != ABSENT) {
            throw new RejectedRowException(columns.get(slot), "expected one value, found the field twice");
        }
        starts[slot] = scratch.size();
    }

    private static void absent(Column column, RowBuffer out) throws RejectedRowException {
        if (!column.optional()) {
            throw new RejectedRowException(column, "expected a value, found nothing");
        }
        if (column.type() instanceof ColumnType.Array || column.type() instanceof ColumnType.Map) {
            out.varUInt(0);
        } else {
            out.int8(1);
        }
    }
}
