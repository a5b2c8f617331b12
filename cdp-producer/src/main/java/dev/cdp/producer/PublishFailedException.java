package dev.cdp.producer;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an event that failed: it is known not to be in the log, or to be part of a transaction that no consumer
 * will see, so that publishing it again doubles nothing.
 */
public sealed class PublishFailedException extends CdpException permits BufferFullException {

    private final Retry retry;

    PublishFailedException(String message, Retry retry, @Nullable Throwable cause) {
        super(message, cause);
        this.retry = retry;
    }

    @Override
    public boolean retryable() {
        return retry == Retry.MAY_HELP;
    }

    enum Retry {
        MAY_HELP,
        WILL_NOT_HELP
    }
}
