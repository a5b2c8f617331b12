package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import org.jspecify.annotations.Nullable;

/** What benchmarks measure of this package and users cannot reach: rows as bytes. One thread at a time. */
public final class RowDoor {

    /** Of a block. */
    private static final int ROWS = 1_000;

    private final RowEncoder encoder;
    private final BlockWriter writer;

    /** Rows of this table. */
    public RowDoor(TableDefinition table) {
        this.encoder = new RowEncoder(table);
        this.writer = encoder.blockWriter();
    }

    /** Writes the event's row into a block's columns, from known places or null; how many are there. */
    public int write(SinkEvent event, @Nullable FieldPlaces places) {
        if (writer.count() == ROWS) {
            writer.clear();
        }
        try {
            writer.write(event, places);
        } catch (RejectedRowException e) {
            throw new IllegalStateException(e);
        }
        return writer.count();
    }

    /** Rows with their header, as {@code RowBinaryWithNamesAndTypes}. */
    public byte[] rows(BatchId batch, List<SinkEvent> events) {
        return bytes(encoder.encode(batch, events, 0).rows().buffer());
    }

    /** The same rows as one block of {@code Native}. */
    public byte[] block(BatchId batch, List<SinkEvent> events) {
        TableBatch whole = new TableBatch(encoder, encoder.blockWriter(), false);
        events.forEach(event -> whole.add(event, null));
        EncodedEvents encoded = whole.encode(batch, 0);
        if (!encoded.rejected().isEmpty()) {
            throw new IllegalArgumentException("events that do not fit their table");
        }
        List<ByteBuffer> parts = Objects.requireNonNull(encoded.block());
        ByteBuffer bytes = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(bytes::put);
        return bytes.array();
    }

    private static byte[] bytes(RowBuffer buffer) {
        return Arrays.copyOf(buffer.bytes(), buffer.size());
    }
}
