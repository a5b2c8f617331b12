package dev.cdp.consumer;

import dev.cdp.core.CdpException;

/** A sink refuses too many events that were validated for it; it may take them once its store is as the catalog says. */
final class EventsRefusedException extends CdpException {

    EventsRefusedException(String message) {
        super(message);
    }

    /** {@code true}. */
    @Override
    public boolean retryable() {
        return true;
    }
}
