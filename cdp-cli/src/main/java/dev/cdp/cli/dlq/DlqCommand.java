package dev.cdp.cli.dlq;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/cdp dlq}. */
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        description = "Dead letters: what waits, why, and back with it (docs/dead-letters.md).",
        subcommands = {ListCommand.class, ShowCommand.class, RedriveCommand.class})
public final class DlqCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
