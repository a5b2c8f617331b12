package dev.cdp.consumer;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/** Thrown where a consumer cannot start: its message says what is missing and how to provide it. */
public final class ConsumerStartException extends CdpException {

    private final boolean retryable;

    ConsumerStartException(String message) {
        super(message);
        this.retryable = false;
    }

    private ConsumerStartException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    static ConsumerStartException wrongSettings(String message, Throwable cause) {
        return new ConsumerStartException(message, cause, false);
    }

    static ConsumerStartException noAnswer(String message, Throwable cause) {
        return new ConsumerStartException(message, cause, true);
    }

    /** True where a broker did not answer; false where something must be set up first. */
    @Override
    public boolean retryable() {
        return retryable;
    }
}
