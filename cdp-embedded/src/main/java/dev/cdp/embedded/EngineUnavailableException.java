package dev.cdp.embedded;

/** No ClickHouse engine can be had on this machine; the message says what was tried and what to do. */
public final class EngineUnavailableException extends RuntimeException {
    EngineUnavailableException(String message) {
        super(message);
    }

    EngineUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
