package dev.cdp.cli.demo;

import dev.cdp.cli.command.ExitCode;

/** What the demo says in the end. */
enum Verdict {
    HOLDS(ExitCode.OK, "holds"),
    DOES_NOT_HOLD(ExitCode.FINDINGS, "DOES NOT HOLD"),
    /** The demo gave up waiting before all was settled: nothing is known to be wrong. */
    NOT_KNOWN(ExitCode.GAVE_UP, "NOT KNOWN, the demo gave up");

    private final int exitCode;
    private final String text;

    Verdict(int exitCode, String text) {
        this.exitCode = exitCode;
        this.text = text;
    }

    int exitCode() {
        return exitCode;
    }

    @Override
    public String toString() {
        return text;
    }
}
