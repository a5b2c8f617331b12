package dev.cdp.producer;

import dev.cdp.core.CdpException;

/** Thrown by a producer, or a publisher of it, that has been closed. The event was not taken. */
public final class ProducerClosedException extends CdpException {

    ProducerClosedException() {
        super("this CdpProducer is closed; close it after the last publisher has stopped");
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
