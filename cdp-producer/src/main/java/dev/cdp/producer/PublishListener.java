package dev.cdp.producer;

import java.time.Duration;

import dev.cdp.core.validation.ValidationReport;

/**
 * Is told what becomes of events: for metrics, traces and logs. Every method does nothing unless it is overridden.
 *
 * <p>Each event is {@link #offered} and then ends in exactly one of {@link #acknowledged}, {@link #rejected}, {@link
 * #failed} and {@link #uncertain}, told before its future completes, on the publishing thread or on the one that
 * completes futures. Listeners are called in the order in which they were added, have to be thread-safe and fast, and
 * break nothing by throwing.
 */
public interface PublishListener {

    /** An event was given to publish. */
    default void offered(String event) {}

    /** An event is invalid and is sent nevertheless. */
    default void tolerated(String event, ValidationReport report) {}

    /** Kafka's producer has taken an event's record of so many bytes. */
    default void sent(String event, long bytes) {}

    /** An event was refused as invalid. */
    default void rejected(String event, InvalidEventException why) {}

    /** An event is in the log. */
    default void acknowledged(String event, Published published, Duration took) {}

    /** An event is known not to be in the log. */
    default void failed(String event, PublishFailedException why, Duration took) {}

    /** An event may be in the log. */
    default void uncertain(String event, PublishUncertainException why, Duration took) {}
}
