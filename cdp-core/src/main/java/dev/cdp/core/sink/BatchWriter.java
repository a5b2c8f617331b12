package dev.cdp.core.sink;

import dev.cdp.core.schema.FieldPlaces;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way into an {@link EventSink}: it is told of each event as soon as that is validated, while the
 * payload is still in the processor's cache, and stores them all when it is asked to. One thread at a time.
 */
public interface BatchWriter {

    /** One that keeps the events, and stores them by {@link EventSink#write(EventBatch)}. */
    static BatchWriter collecting(EventSink sink) {
        return new CollectedBatch(sink);
    }

    /**
     * Takes the next event. Nothing is stored yet, and what is wrong with the event is told by {@link #write}.
     *
     * @param places where the values of the columns of the event's table stand in the payload, if its validation has told;
     *     only for this call, because the next event's overwrite them
     */
    void add(SinkEvent event, @Nullable FieldPlaces places);

    /**
     * Stores the events as {@link EventSink#write} does. After an exception it may be asked again; after a result it is
     * used up, and after a rejection the rest comes by another writer.
     *
     * @param batch the id, known only now that the batch has its end
     * @throws BatchTooLargeException if a smaller batch might pass now
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    SinkResult write(BatchId batch, EventBatch.Attempt attempt) throws InterruptedException;
}
