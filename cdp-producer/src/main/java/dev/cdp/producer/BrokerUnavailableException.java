package dev.cdp.producer;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/** Thrown where no broker answers, or where the one that answers refuses this client. */
public final class BrokerUnavailableException extends CdpException {

    BrokerUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
