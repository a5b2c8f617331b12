package dev.cdp.producer;

import java.util.List;

import dev.cdp.core.CdpException;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a transaction whose commit was asked for while no answer came: either all of its events are visible or
 * none ever will be. To be sure of one copy at least, publish them again with the same ids.
 */
public final class TransactionUncertainException extends CdpException {

    private final List<String> eventIds;

    TransactionUncertainException(String message, List<String> eventIds, @Nullable Throwable cause) {
        super(message, cause);
        this.eventIds = List.copyOf(eventIds);
    }

    /** The {@code ce_id} of each of its events, in the order in which they were published. */
    public List<String> eventIds() {
        return eventIds;
    }

    /** False: the same call again may write every event twice, under two ids. */
    @Override
    public boolean retryable() {
        return false;
    }
}
