package dev.cdp.clickhouse;

import java.util.Arrays;
import java.util.List;

import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;

/** What benchmarks measure of this package and users cannot reach: rows as bytes. One thread at a time. */
public final class RowDoor {

    private final RowEncoder encoder;
    private final NativeBlock blocks;
    private final RowWriter writer;
    private final RowBuffer out = new RowBuffer(1 << 20);

    /** Rows of one batch of this table. */
    public RowDoor(TableDefinition table, BatchId batch) {
        this.encoder = new RowEncoder(table);
        this.blocks = new NativeBlock(RowEncoder.columns(table));
        this.writer = encoder.writer(batch, 0);
    }

    /** The number of bytes of the event's row, which the next one overwrites. */
    public int write(SinkEvent event) {
        out.truncate(0);
        try {
            writer.write(event, out);
        } catch (RejectedRowException e) {
            throw new IllegalStateException(e);
        }
        return out.size();
    }

    /** Rows with their header, as {@code RowBinaryWithNamesAndTypes}. */
    public byte[] rows(BatchId batch, List<SinkEvent> events) {
        return bytes(encoder.encode(batch, events, 0).rows().buffer());
    }

    /** The same rows as one block of {@code Native}. */
    public byte[] block(BatchId batch, List<SinkEvent> events) {
        return bytes(blocks.of(encoder.encode(batch, events, 0).rows()));
    }

    private static byte[] bytes(RowBuffer buffer) {
        return Arrays.copyOf(buffer.bytes(), buffer.size());
    }
}
