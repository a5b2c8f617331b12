package dev.cdp.core.wire;

import dev.cdp.core.event.DeadLetterReason;

/** Thrown inside the reader for a record that is no event; its message never holds a value of the payload. */
final class UnreadableException extends Exception {

    private final DeadLetterReason reason;

    UnreadableException(DeadLetterReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    static UnreadableException undecodable(String message) {
        return new UnreadableException(DeadLetterReason.UNDECODABLE, message);
    }

    DeadLetterReason reason() {
        return reason;
    }
}
