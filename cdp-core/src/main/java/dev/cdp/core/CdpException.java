package dev.cdp.core;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that cdp throws. Its types are named by what a caller can do; whether trying the same
 * again may help is declared by the type and never read from a message.
 */
public abstract class CdpException extends RuntimeException {

    protected CdpException(String message) {
        super(message);
    }

    protected CdpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether the same call may succeed later without a change by the caller. */
    public abstract boolean retryable();
}
