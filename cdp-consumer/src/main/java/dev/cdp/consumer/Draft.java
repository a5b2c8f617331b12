package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.List;

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
abstract class Draft {

    private int size;

    private Draft() {}

    /** One whose events the sink is told of at once, so that they need not be kept here. */
    static Draft light(EventSink sink) {
        return new Light(sink);
    }

    /** One that keeps its events, for a batch that may have been written before. */
    static Draft whole(EventSink sink) {
        return new Whole(sink);
    }

    /** {@code places} are of the event's columns, if they are known. */
    void add(SinkEvent event, @Nullable FieldPlaces places) {
        size++;
        take(event, places);
    }

    abstract void take(SinkEvent event, @Nullable FieldPlaces places);

    abstract SinkResult write(BatchId batch, EventBatch.Attempt attempt) throws InterruptedException;

    int size() {
        return size;
    }

    private static final class Light extends Draft {

        private final EventSink sink;
        private @Nullable BatchWriter writer;
        private boolean broken;

        Light(EventSink sink) {
            this.sink = sink;
        }

        @Override
        void take(SinkEvent event, @Nullable FieldPlaces places) {
            if (!broken) {
                try {
                    if (writer == null) {
                        writer = sink.begin();
                    }
                    writer.add(event, places);
                } catch (RuntimeException e) {
                    broken = true; // It may throw again when it is asked to write the whole, where that has a meaning.
                }
            }
        }

        @Override
        SinkResult write(BatchId batch, EventBatch.Attempt attempt) throws InterruptedException {
            if (broken || writer == null) {
                throw new EventsNeededException("the sink failed while it took the events of " + batch);
            }
            return writer.write(batch, attempt);
        }
    }

    private static final class Whole extends Draft {

        private final EventSink sink;
        private final List<SinkEvent> events = new ArrayList<>();

        Whole(EventSink sink) {
            this.sink = sink;
        }

        @Override
        void take(SinkEvent event, @Nullable FieldPlaces places) {
            events.add(event);
        }

        @Override
        SinkResult write(BatchId batch, EventBatch.Attempt attempt) throws InterruptedException {
            return sink.write(new EventBatch(batch, events, attempt));
        }
    }
}
