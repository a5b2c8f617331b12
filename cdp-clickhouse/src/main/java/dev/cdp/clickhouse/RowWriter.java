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
    private final RowBuffer out;

    /**
     * Writes to {@code out}: {@code placed}, which does so too, what it can, {@code tokens} the rest; {@code loadedAt} is in
     * milliseconds since the epoch.
     */
    RowWriter(BatchId batch, long loadedAt, @Nullable PlacedRow placed, TokenRow tokens, RowBuffer out) {
        this.batch = batch;
        this.topic = batch.topic().getBytes(StandardCharsets.UTF_8);
        this.loadedAt = loadedAt;
        this.placed = placed;
        this.tokens = tokens;
        this.out = out;
    }

    /** Writes one row; what was written before an exception is to be forgotten. */
    void write(SinkEvent event) throws RejectedRowException {
        SystemColumns.id(event, out);
        SystemColumns.time(event, out);
        out.int32(event.version());
        if (placed != null && placed.write(event.payload(), null)) {
            out.varUInt(0); // there are no unknown fields
        } else {
            tokens.write(event.payload(), out);
        }
        last(event.offset());
    }

    private void last(long offset) {
        out.string(topic, 0, topic.length);
        out.uuid(batch.topicId());
        out.int32(batch.partition());
        out.int64(offset);
        out.int32(batch.replay());
        out.int64(loadedAt);
    }
}
