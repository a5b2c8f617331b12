package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

import dev.cdp.clickhouse.RowEncoder.Encoding;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;

/** What became of the events of one batch and table: a block, if the table takes one, else rows one after the other. */
final class EncodedEvents {

    private final int count;
    private final @Nullable List<ByteBuffer> block;
    private final List<Rejection> rejected;
    private final Supplier<Encoding> rows;

    private EncodedEvents(
            int count, @Nullable List<ByteBuffer> block, List<Rejection> rejected, Supplier<Encoding> rows) {
        this.count = count;
        this.block = block;
        this.rejected = rejected;
        this.rows = rows;
    }

    static EncodedEvents ofRows(Encoding rows) {
        return new EncodedEvents(rows.rows().count(), null, rows.rejected(), () -> rows);
    }

    /** {@code rows} encodes the same events once more. */
    static EncodedEvents ofBlock(int count, List<ByteBuffer> block, List<Rejection> rejected, Supplier<Encoding> rows) {
        return new EncodedEvents(count, block, rejected, rows);
    }

    /** How many events fit. */
    int count() {
        return count;
    }

    /** Why the others do not. */
    List<Rejection> rejected() {
        return rejected;
    }

    /** Those that fit as one block; none if the table has a type that no block brings over. */
    @Nullable
    List<ByteBuffer> block() {
        return block;
    }

    /** Those that fit one after the other, to be sent in part; of a block they are encoded now. */
    EncodedRows rows() {
        return rows.get().rows();
    }
}
