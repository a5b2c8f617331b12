package dev.cdp.core.sink;

import dev.cdp.core.CdpException;

/**
 * Thrown by a {@link BatchWriter} that has kept the rows of a batch and not its events, and needs these now. The consumer
 * reads them again and writes the batch by {@link EventSink#write}.
 */
public final class EventsNeededException extends CdpException {

    /** The message says what they are needed for. */
    public EventsNeededException(String message) {
        super(message);
    }

    /** {@code true}. */
    @Override
    public boolean retryable() {
        return true;
    }
}
