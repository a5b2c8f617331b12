package dev.cdp.consumer;

/** Which records a consumer's handlers see one after the other, in the order of the log. */
public enum Ordering {
    /** All records of a partition. */
    PARTITION,
    /** The records of a partition that have the same key; those without a key in any order. */
    KEY,
    /** None: records are handled as handlers are free. */
    NONE
}
