package dev.cdp.consumer;

import java.util.EnumSet;
import java.util.Set;

/** Where a consumer is in its life. It moves only forward. */
public enum ConsumerState {
    /** Built, not started. */
    CREATED,
    /** Waiting for a broker, and checking topics; not ready yet. */
    STARTING,
    /** Consuming, or waiting out an outage. */
    RUNNING,
    /** Draining what is in flight. */
    CLOSING,
    /** Ended as asked. */
    CLOSED,
    /** Ended by itself, for a cause that {@code health()} names. */
    STOPPED;

    /** The states that this one may move to. */
    Set<ConsumerState> next() {
        return switch (this) {
            case CREATED -> EnumSet.of(STARTING, CLOSED);
            case STARTING -> EnumSet.of(RUNNING, CLOSING, STOPPED);
            case RUNNING -> EnumSet.of(CLOSING, STOPPED);
            case CLOSING -> EnumSet.of(CLOSED, STOPPED);
            case CLOSED, STOPPED -> EnumSet.noneOf(ConsumerState.class);
        };
    }
}
