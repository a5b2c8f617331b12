package dev.cdp.cli.catalog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/cdp catalog}. */
@Command(
        name = "catalog",
        mixinStandardHelpOptions = true,
        description = "cdp.yaml: check it, compare it, lock it; classes of its events.",
        subcommands = {CheckCommand.class, DiffCommand.class, GenerateCommand.class, LockCommand.class})
public final class CatalogCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
