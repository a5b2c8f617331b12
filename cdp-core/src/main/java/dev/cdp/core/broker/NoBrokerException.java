package dev.cdp.core.broker;

/** Thrown where no broker answered in time, or every address refuses connections; its message says which. */
public final class NoBrokerException extends Exception {

    private static final long serialVersionUID = 1;

    NoBrokerException(String message) {
        super(message);
    }
}
