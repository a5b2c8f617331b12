package dev.cdp.core.event;

/** Why a record became a dead letter. The names are stable: dashboards and redrives select by them. */
public enum DeadLetterReason {
    /** Its bytes are not an event in any encoding that is read. */
    UNDECODABLE,
    /** It names no event, or one that the catalog does not know. */
    UNKNOWN_EVENT,
    /** It names a schema version that the catalog does not know; a redrive after the catalog's update takes it. */
    UNKNOWN_VERSION,
    /** Its schema refuses it. */
    INVALID,
    /** Its schema accepts it and its table cannot hold it. */
    NOT_INSERTABLE,
    /** The handler said that no retry will help. */
    HANDLER_REJECTED,
    /** It failed at every attempt that the retry policy allows. */
    RETRIES_EXHAUSTED,
    /** It is larger than a dead letter may be. */
    OVERSIZED
}
