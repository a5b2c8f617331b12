package dev.cdp.producer;

import dev.cdp.core.catalog.Mode;

/** What a producer does with an event that is not what the catalog says. */
public enum OnInvalid {
    /** It is rejected and never sent. */
    REJECT,
    /** It is sent, and every violation is told to the listeners and to the log. */
    WARN,
    /** It is sent, and told to the listeners. */
    OBSERVE,
    /**
     * It is rejected, and a copy goes to the event's dead letter topic, where it can be seen and redriven. Its future
     * completes when the dead letter is acknowledged, or could not be written.
     */
    QUARANTINE;

    static OnInvalid of(Mode mode) {
        return switch (mode) {
            case ENFORCE -> REJECT;
            case WARN -> WARN;
            case OBSERVE -> OBSERVE;
        };
    }
}
