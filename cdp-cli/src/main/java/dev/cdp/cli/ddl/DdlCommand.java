package dev.cdp.cli.ddl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/cdp ddl}. */
@Command(
        name = "ddl",
        mixinStandardHelpOptions = true,
        description = "The catalog's tables on a ClickHouse: what differs, and bringing them up to it.",
        subcommands = {PlanCommand.class, ApplyCommand.class, GrantsCommand.class})
public final class DdlCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
