package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.cdp.core.schema.Column;

/**
 * Turns the rows of one table from {@code RowBinary} into one block of {@code Native}, which costs the server two thirds of
 * it. Thread-safe.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/formats/Native">Native</a>
 */
final class NativeBlock {

    private final List<Column> columns;
    private final boolean possible;

    /** Of a table with these columns, in the order of its rows. */
    NativeBlock(List<Column> columns) {
        this.columns = columns;
        this.possible = columns.stream()
                .allMatch(column -> !NativeColumn.hasInnerDictionary(column.type())
                        && NativeColumn.of(column.type()).isPresent());
    }

    /** Whether the table has only columns that a block brings over: no {@code JSON}, and no dictionary inside of another type. */
    boolean possible() {
        return possible;
    }

    /** All rows as one block. */
    RowBuffer of(EncodedRows rows) {
        List<NativeColumn> values = new ArrayList<>();
        for (Column column : columns) {
            values.add(NativeColumn.of(column.type()).orElseThrow());
        }
        byte[] bytes = rows.buffer().bytes();
        NativeColumn[] inOrder = values.toArray(NativeColumn[]::new);
        int p = rows.headerEnd();
        for (int row = 0; row < rows.count(); row++) {
            for (NativeColumn column : inOrder) {
                p = column.take(bytes, p);
            }
        }
        RowBuffer out = new RowBuffer(rows.buffer().size() + 64 * columns.size());
        out.varUInt(columns.size());
        out.varUInt(rows.count());
        for (int i = 0; i < inOrder.length; i++) {
            text(columns.get(i).name(), out);
            text(NativeColumn.declared(columns.get(i).type()), out);
            inOrder[i].write(out);
        }
        return out;
    }

    private static void text(String text, RowBuffer out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.string(utf8, 0, utf8.length);
    }
}
