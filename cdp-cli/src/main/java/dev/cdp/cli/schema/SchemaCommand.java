package dev.cdp.cli.schema;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/cdp schema}. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "JSON Schemas: validate by one, compare two.",
        subcommands = {CompatCommand.class, ValidateCommand.class})
public final class SchemaCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
