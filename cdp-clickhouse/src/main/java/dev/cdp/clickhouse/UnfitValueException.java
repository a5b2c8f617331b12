package dev.cdp.clickhouse;

/** Thrown for a value that its column cannot hold. Its message never holds the value, and it has no stack trace. */
final class UnfitValueException extends Exception {

    UnfitValueException(String expectedAndFound) {
        super(expectedAndFound, null, false, false);
    }

    String expectedAndFound() {
        return String.valueOf(getMessage());
    }
}
