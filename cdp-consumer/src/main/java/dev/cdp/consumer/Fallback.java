package dev.cdp.consumer;

/** What becomes of an event that no handler takes. */
public enum Fallback {
    /** It is settled and counted. */
    IGNORE,
    /** It becomes a dead letter. */
    DEAD_LETTER
}
