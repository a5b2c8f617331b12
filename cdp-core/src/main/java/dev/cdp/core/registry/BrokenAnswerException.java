package dev.cdp.core.registry;

/** Thrown for what no registry says, or for no answer at all; the message says what it was, and nothing secret. */
final class BrokenAnswerException extends Exception {

    private final boolean passing;

    private BrokenAnswerException(String message, boolean passing) {
        super(message, null, false, false);
        this.passing = passing;
    }

    /** What will be so again at once: no use to ask the same server a moment later. */
    static BrokenAnswerException lasting(String message) {
        return new BrokenAnswerException(message, false);
    }

    /** What may pass in a moment. */
    static BrokenAnswerException passing(String message) {
        return new BrokenAnswerException(message, true);
    }

    boolean passing() {
        return passing;
    }
}
