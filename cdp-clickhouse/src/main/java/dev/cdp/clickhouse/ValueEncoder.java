package dev.cdp.clickhouse;

/** Encodes the JSON value that a cursor stands at as the {@code RowBinary} of one column type. One thread at a time. */
@FunctionalInterface
interface ValueEncoder {

    /** Leaves the cursor at the value's last token. What was written before an exception is to be forgotten. */
    void encode(JsonCursor json, RowBuffer out) throws UnfitValueException;
}
