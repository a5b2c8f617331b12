package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.validation.FieldFinder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of a batch straight into the columns of a block: what a {@link RowWriter} writes, in another order. One
 * thread at a time; the same one serves one batch after the other.
 */
final class BlockWriter {

    /** Which of the last columns have one value for a batch. */
    private static final int[] SAME_IN_ALL = {1, 2, 3, 5, 6};

    private final NativeBlock block;
    private final NativeColumn[] fields;
    /** Those of {@link #fields} whose values are taken from {@link #row}. */
    private final NativeColumn[] nested;

    private final @Nullable PlacedRow placed;
    private final TokenRow tokens;
    /** Values of one row as {@code RowBinary} has them. */
    private final RowBuffer row = new RowBuffer(1 << 10);

    private final RowBuffer ids;
    private final RowBuffer times;
    private final RowBuffer versions;
    private final NativeColumn unknown;
    private final RowBuffer offsets;
    private int count;

    /** {@code finder} is of the same fields, if their places can be found. */
    BlockWriter(List<Column> columns, @Nullable FieldFinder finder, FieldTrie trie) {
        block = new NativeBlock(columns);
        int first = SystemColumns.FIRST.size();
        List<Column> own = columns.subList(first, columns.size() - SystemColumns.LAST.size());
        fields = new NativeColumn[own.size()];
        Arrays.setAll(fields, i -> block.column(first + i));
        nested = Arrays.stream(fields).filter(field -> field.values() == null).toArray(NativeColumn[]::new);
        placed = finder == null ? null : PlacedRow.ofColumns(own, finder, fields, row);
        tokens = new TokenRow(own, trie);
        ids = values(0);
        times = values(1);
        versions = values(2);
        unknown = block.column(last(0));
        offsets = values(last(4));
    }

    private int last(int index) {
        return SystemColumns.FIRST.size() + fields.length + index;
    }

    private RowBuffer values(int column) {
        return Objects.requireNonNull(block.column(column).values());
    }

    /** Writes one row, or nothing of it; {@code places} are of its fields, if they are known. */
    void write(SinkEvent event, @Nullable FieldPlaces places) throws RejectedRowException {
        int id = ids.size();
        int time = times.size();
        boolean written = false;
        try {
            SystemColumns.id(event, ids);
            SystemColumns.time(event, times);
            fields(event, places);
            written = true;
        } finally {
            if (!written) {
                ids.truncate(id);
                times.truncate(time);
            }
        }
        versions.int32(event.version());
        offsets.int64(event.offset());
        count++;
    }

    private void fields(SinkEvent event, @Nullable FieldPlaces places) throws RejectedRowException {
        row.truncate(0);
        if (placed != null && placed.write(event.payload(), places)) {
            take(nested, 0);
            unknown.takeNothing();
            return;
        }
        row.truncate(0);
        tokens.write(event.payload(), row);
        unknown.take(row.bytes(), take(fields, 0));
    }

    private int take(NativeColumn[] columns, int from) {
        int p = from;
        for (NativeColumn column : columns) {
            p = column.take(row.bytes(), p);
        }
        return p;
    }

    int count() {
        return count;
    }

    /**
     * The rows as one block; {@code loadedAt} is in milliseconds since the epoch. They stay, and so does what is returned,
     * until the next call or {@link #clear}.
     */
    List<ByteBuffer> block(BatchId batch, long loadedAt) {
        for (int same : SAME_IN_ALL) {
            values(last(same)).truncate(0);
        }
        byte[] topic = batch.topic().getBytes(StandardCharsets.UTF_8);
        values(last(1)).string(topic, 0, topic.length);
        values(last(2)).uuid(batch.topicId());
        values(last(3)).int32(batch.partition());
        values(last(5)).int32(batch.replay());
        values(last(6)).int64(loadedAt);
        for (int same : SAME_IN_ALL) {
            values(last(same)).repeat(count);
        }
        return block.parts(count);
    }

    /** Forgets all rows. */
    void clear() {
        block.clear();
        count = 0;
    }
}
