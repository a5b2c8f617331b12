package dev.cdp.consumer.redrive;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/** Thrown where dead letters cannot be read or redriven: its message says what is missing or in the way. */
public final class RedriveException extends CdpException {

    private final boolean retryable;

    private RedriveException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    static RedriveException unusable(String message, @Nullable Throwable cause) {
        return new RedriveException(message, cause, false);
    }

    static RedriveException interrupted(String message, @Nullable Throwable cause) {
        return new RedriveException(message, cause, true);
    }

    /** True where the same call goes on from where this one stopped. */
    @Override
    public boolean retryable() {
        return retryable;
    }
}
