package dev.cdp.consumer;

/**
 * What a consumer with a sink does where a committed offset does not carry a plan of its own: another tool set it, an
 * older consumer committed it, or the plan was made with another catalog.
 */
public enum ForeignOffsets {
    /** It stops and says so: it cannot be known whether the sink already holds rows beyond that offset. */
    STOP,
    /**
     * It takes the offset as a new beginning. To be set once, by somebody who made sure that the sink holds no row from
     * that offset on, or who raised the replay number because rows are wanted again.
     */
    ADOPT
}
