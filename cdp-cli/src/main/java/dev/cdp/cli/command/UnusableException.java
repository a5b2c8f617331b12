package dev.cdp.cli.command;

/** Thrown where a command cannot work with what it was given; its message is all that the user sees. */
public final class UnusableException extends RuntimeException {

    public UnusableException(String message) {
        super(message);
    }

    public UnusableException(String message, Throwable cause) {
        super(message, cause);
    }
}
