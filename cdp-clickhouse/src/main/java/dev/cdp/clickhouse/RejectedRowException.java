package dev.cdp.clickhouse;

import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.schema.Column;
import dev.cdp.core.sink.SinkResult.Rejection;

/** Thrown for a row that can never be stored for what it holds. Its message never holds a value, and it has no stack trace. */
final class RejectedRowException extends Exception {

    private final String pointer;

    RejectedRowException(Column column, String expectedAndFound) {
        super("column " + column.name() + " is " + column.type().sql() + ": " + expectedAndFound, null, false, false);
        this.pointer = column.pointer();
    }

    /** A payload that is no row at all. */
    RejectedRowException(String expectedAndFound) {
        super(expectedAndFound, null, false, false);
        this.pointer = "";
    }

    Rejection rejection(long offset) {
        return new Rejection(offset, DeadLetterReason.NOT_INSERTABLE, pointer, String.valueOf(getMessage()));
    }
}
