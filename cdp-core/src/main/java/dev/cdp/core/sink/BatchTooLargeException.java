package dev.cdp.core.sink;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a sink for a batch that is too large for its store as it is now, which is short of memory for instance. The
 * batch stays as it is and is written again until it passes, as after any exception; the next ones of its partition are
 * smaller.
 */
public final class BatchTooLargeException extends CdpException {

    /** A batch that is too large; the message says for what. */
    public BatchTooLargeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@code true}. */
    @Override
    public boolean retryable() {
        return true;
    }
}
