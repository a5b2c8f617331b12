package dev.cdp.producer;

/**
 * Changes or refuses events before they are encoded. It runs on the publishing threads, in the order in which
 * interceptors were added, and has to be thread-safe.
 *
 * <p>What it throws reaches the caller's future: an {@link InvalidEventException} as it is, the event being rejected;
 * anything else as the cause of a {@link PublishFailedException}. In both cases the event is not sent.
 */
@FunctionalInterface
public interface PublishInterceptor {

    /** The event to go on with: the same, or another with the same definition. */
    Outgoing intercept(Outgoing outgoing);
}
