package dev.cdp.core.sink;

import java.util.ArrayList;
import java.util.List;

import dev.cdp.core.schema.FieldPlaces;
import org.jspecify.annotations.Nullable;

/** Keeps the events for a sink that takes whole batches. */
final class CollectedBatch implements BatchWriter {

    private final EventSink sink;
    private final List<SinkEvent> events = new ArrayList<>();

    CollectedBatch(EventSink sink) {
        this.sink = sink;
    }

    @Override
    public void add(SinkEvent event, @Nullable FieldPlaces places) {
        events.add(event);
    }

    @Override
    public SinkResult write(BatchId batch, EventBatch.Attempt attempt) throws InterruptedException {
        return sink.write(new EventBatch(batch, events, attempt));
    }
}
