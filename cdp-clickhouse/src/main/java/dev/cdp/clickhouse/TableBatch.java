package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;

import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventsNeededException;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * The events of one batch that go into one table; if it takes blocks, each is in one as soon as it is added. One thread at
 * a time.
 */
final class TableBatch {

    private final RowEncoder encoder;
    private final @Nullable BlockWriter block;
    private final boolean keepsEvents;
    private final List<SinkEvent> events = new ArrayList<>();
    private final TimeSpan times = new TimeSpan();
    private final List<Rejection> rejected = new ArrayList<>();

    /** {@code block} is an empty one, if the table takes blocks; without one the events are kept in any case. */
    TableBatch(RowEncoder encoder, @Nullable BlockWriter block, boolean keepsEvents) {
        this.keepsEvents = keepsEvents || block == null;
        this.encoder = encoder;
        this.block = block;
    }

    /** The times of the events. */
    TimeSpan times() {
        return times;
    }

    /** {@code places} are of the event's fields, if they are known. */
    void add(SinkEvent event, @Nullable FieldPlaces places) {
        times.add(event.attributes().time());
        if (keepsEvents) {
            events.add(event);
        }
        if (block != null) {
            RowEncoder.write(event, one -> block.write(one, places), rejected);
        }
    }

    /** All of them as rows; {@code loadedAt} is in milliseconds since the epoch. */
    EncodedEvents encode(BatchId id, long loadedAt) {
        return block == null
                ? EncodedEvents.ofRows(encoder.encode(id, events, loadedAt))
                : EncodedEvents.ofBlock(block.count(), block.block(id, loadedAt), rejected, () -> rows(id, loadedAt));
    }

    private RowEncoder.Encoding rows(BatchId id, long loadedAt) {
        if (!keepsEvents) {
            throw new EventsNeededException("rows of batch " + id
                    + " have to be told apart, and its events were not kept; give the batch to write(EventBatch)");
        }
        return encoder.encode(id, events, loadedAt);
    }

    /** What the next batch may use again, when this one is over. */
    @Nullable
    BlockWriter block() {
        return block;
    }
}
