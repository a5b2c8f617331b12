package dev.cdp.consumer;

/** What a consumer does about an exception of a handler. */
public enum ErrorClass {
    /** The event will never be processed: it is dead-lettered at once. */
    REJECT,
    /** Another try may succeed: it is tried again by the {@link RetryPolicy}, and dead-lettered when that is spent. */
    RETRY,
    /**
     * What the handler needs is down, whatever the event: it waits, and is neither dead-lettered nor skipped for as long
     * as that lasts.
     */
    OUTAGE
}
