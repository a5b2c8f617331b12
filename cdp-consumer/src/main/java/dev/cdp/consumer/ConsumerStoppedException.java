package dev.cdp.consumer;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/** The cause for which a consumer stopped by itself: going on would have lost, doubled or skipped records. */
public final class ConsumerStoppedException extends CdpException {

    ConsumerStoppedException(String message) {
        super(message);
    }

    ConsumerStoppedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
