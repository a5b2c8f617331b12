package dev.cdp.consumer;

import java.util.function.Supplier;

import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.BatchWriter;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.EventsNeededException;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import org.jspecify.annotations.Nullable;

/** What of a batch goes to the sink. One thread at a time; any may ask how much it is once it is complete. */
final class Draft {

    private final Supplier<BatchWriter> begin;
    private @Nullable BatchWriter writer;
    private boolean broken;
    private int size;

    private Draft(Supplier<BatchWriter> begin) {
        this.begin = begin;
    }

    /** One whose events the sink is told of at once, so that they need not be kept here. */
    static Draft light(EventSink sink) {
        return new Draft(sink::begin);
    }

    /** One that keeps its events, for a batch that may have been written before. */
    static Draft whole(EventSink sink) {
        return new Draft(() -> BatchWriter.collecting(sink));
    }

    /** {@code places} are of the event's columns, if they are known. */
    void add(SinkEvent event, @Nullable FieldPlaces places) {
        size++;
        if (!broken) {
            try {
                if (writer == null) {
                    writer = begin.get();
                }
                writer.add(event, places);
            } catch (RuntimeException e) {
                broken = true; // It may throw again when it is asked to write the whole, where that has a meaning.
            }
        }
    }

    SinkResult write(BatchId batch, EventBatch.Attempt attempt) throws InterruptedException {
        if (broken || writer == null) {
            throw new EventsNeededException("the sink failed while it took the events of " + batch);
        }
        return writer.write(batch, attempt);
    }

    int size() {
        return size;
    }
}
