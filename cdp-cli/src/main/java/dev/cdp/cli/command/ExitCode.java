package dev.cdp.cli.command;

/** How a command ends, for scripts. */
public final class ExitCode {

    /** Everything is fine. */
    public static final int OK = 0;

    /** The command worked and found something wrong. */
    public static final int FINDINGS = 1;

    /** The command could not work: wrong usage, unreadable input, an unreachable server. */
    public static final int UNUSABLE = 2;

    /** The command gave up waiting before it could tell whether something is wrong. */
    public static final int GAVE_UP = 3;

    private ExitCode() {}
}
