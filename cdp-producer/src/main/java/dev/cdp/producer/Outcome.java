package dev.cdp.producer;

/** The places in which an event that was offered can be counted; exactly one for each event. */
enum Outcome {
    ACKNOWLEDGED,
    REJECTED,
    FAILED,
    UNCERTAIN,
    ABANDONED
}
