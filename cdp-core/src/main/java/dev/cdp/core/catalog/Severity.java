package dev.cdp.core.catalog;

/** How much a finding of the linter matters. */
public enum Severity {
    /** Something will not work, or will be lost. */
    ERROR,
    /** Something will go wrong one day. */
    WARNING,
    /** Worth knowing; a check passes with it. */
    NOTE
}
