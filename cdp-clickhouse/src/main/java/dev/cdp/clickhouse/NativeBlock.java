package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.cdp.core.schema.Column;

/**
 * The columns of one block of {@code Native}, which costs the server two thirds of the same rows in {@code RowBinary}. One
 * thread at a time; the same one serves one block after the other.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/formats/Native">Native</a>
 */
final class NativeBlock {

    private final List<Column> columns;
    private final NativeColumn[] values;

    /** An empty one of columns that make it {@link #possible}. */
    NativeBlock(List<Column> columns) {
        this.columns = columns;
        this.values = columns.stream()
                .map(column -> NativeColumn.of(column.type()).orElseThrow())
                .toArray(NativeColumn[]::new);
    }

    /** Whether a block brings these columns over: no {@code JSON}, and no dictionary inside of another type. */
    static boolean possible(List<Column> columns) {
        return columns.stream()
                .allMatch(column -> !NativeColumn.hasInnerDictionary(column.type())
                        && NativeColumn.of(column.type()).isPresent());
    }

    NativeColumn column(int index) {
        return values[index];
    }

    /** All rows, of which there are so many, with the names and types of the columns: parts of the columns' own arrays. */
    List<ByteBuffer> parts(int rows) {
        RowBuffer heads = new RowBuffer(64 * columns.size());
        heads.varUInt(columns.size());
        heads.varUInt(rows);
        int[] ends = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            text(columns.get(i).name(), heads);
            text(NativeColumn.declared(columns.get(i).type()), heads);
            ends[i] = heads.size();
        }
        List<ByteBuffer> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < values.length; i++) {
            parts.add(ByteBuffer.wrap(heads.bytes(), from, ends[i] - from));
            values[i].addTo(parts);
            from = ends[i];
        }
        return parts;
    }

    /** Forgets all rows. */
    void clear() {
        for (NativeColumn column : values) {
            column.clear();
        }
    }

    private static void text(String text, RowBuffer out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.string(utf8, 0, utf8.length);
    }
}
