package dev.cdp.consumer;

import dev.cdp.core.CdpException;

/** Thrown by a handler for an event that it will never process: the event is dead-lettered and not tried again. */
public final class RejectedEventException extends CdpException {

    /**
     * A rejection.
     *
     * @param message why; it goes into a header of the dead letter, so it holds nothing personal or secret
     */
    public RejectedEventException(String message) {
        super(message);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
