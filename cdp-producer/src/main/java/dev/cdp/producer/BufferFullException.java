package dev.cdp.producer;

/** The outcome of an event that found no room in the producer's memory within the time it was given. */
public final class BufferFullException extends PublishFailedException {

    /** For tests of what handles it. */
    public BufferFullException(String message) {
        super(message, Retry.MAY_HELP, null);
    }
}
