package dev.cdp.benchmarks;

/** One who makes rows of payloads. */
@FunctionalInterface
interface RowSubject {

    /** The number of bytes of the row, made from the payload of that number; 0 for one that only looks at it. */
    int row(int payload) throws Exception;
}
