package dev.cdp.producer;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of an event whose bytes may have left while no answer came: it may be in the log or not. To be sure of
 * one copy at least, publish it again with {@link PublishOptions.Builder#id} set to {@link #eventId()}; consumers tell a
 * repeat by that id.
 */
public final class PublishUncertainException extends CdpException {

    private final String eventId;

    /** For tests of what handles it. */
    public PublishUncertainException(String message, String eventId, @Nullable Throwable cause) {
        super(message, cause);
        this.eventId = eventId;
    }

    /** Its {@code ce_id}. */
    public String eventId() {
        return eventId;
    }

    /** False: the same call again may write it twice, under two ids. */
    @Override
    public boolean retryable() {
        return false;
    }
}
