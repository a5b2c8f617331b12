package dev.cdp.clickhouse;

/**
 * Encodes the JSON value between two places of a payload, which is known to be well-formed, as the {@code RowBinary} of one
 * column type. It allocates nothing. One thread at a time.
 */
@FunctionalInterface
interface SpanEncoder {

    /**
     * Writes the value if it is written in a usual way and fits the type for sure. Else {@link ValueEncoder} has to look at
     * it, and what was written is to be forgotten.
     *
     * @param from its first byte
     * @param end the place after its last byte, or that place's complement if there is an escape in it
     * @return whether it is written
     */
    boolean encode(byte[] json, int from, int end, RowBuffer out);
}
