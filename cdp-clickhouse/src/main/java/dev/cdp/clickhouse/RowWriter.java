package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;

import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import org.jspecify.annotations.Nullable;

/** Writes the rows of one batch, each with the system columns around its fields. One thread at a time. */
final class RowWriter {

    private final BatchId batch;
    private final byte[] topic;
    private final long loadedAt;
    private final @Nullable PlacedRow placed;
    private final TokenRow tokens;

    /** {@code placed} writes what it can, {@code tokens} the rest; {@code loadedAt} is in milliseconds since the epoch. */
    RowWriter(BatchId batch, long loadedAt, @Nullable PlacedRow placed, TokenRow tokens) {
        this.batch = batch;
        this.topic = batch.topic().getBytes(StandardCharsets.UTF_8);
        this.loadedAt = loadedAt;
        this.placed = placed;
        this.tokens = tokens;
    }

    /** Writes one row; what was written before an exception is to be forgotten. */
    void write(SinkEvent event, RowBuffer out) throws RejectedRowException {
        first(event, out);
        int start = out.size();
        if (placed == null || !placed.write(event, out)) {
            out.truncate(start);
            tokens.write(event.payload(), out);
        }
        last(event.offset(), out);
    }

    private static void first(SinkEvent event, RowBuffer out) throws RejectedRowException {
        int column = 0;
        try {
            out.string(event.attributes().id());
            column = 1;
            out.int64(ValueEncoders.ticks(event.attributes().time(), 3));
        } catch (UnfitValueException e) {
            throw new RejectedRowException(SystemColumns.FIRST.get(column), e.expectedAndFound());
        }
        out.int32(event.version());
    }

    private void last(long offset, RowBuffer out) {
        out.string(topic, 0, topic.length);
        out.uuid(batch.topicId());
        out.int32(batch.partition());
        out.int64(offset);
        out.int32(batch.replay());
        out.int64(loadedAt);
    }
}
