package dev.cdp.core.catalog;

/** What happens to an event that its schema refuses. A sink always enforces what its table can hold. */
public enum Mode {
    /** It is refused: not published, or dead-lettered. */
    ENFORCE,
    /** It goes on, and every violation is reported. */
    WARN,
    /** It goes on and is counted. */
    OBSERVE
}
