package dev.cdp.producer;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/** Thrown where an option or a Kafka property is wrong or would break a guarantee; the message names it. */
public final class InvalidOptionException extends CdpException {

    InvalidOptionException(String message) {
        super(message);
    }

    InvalidOptionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
