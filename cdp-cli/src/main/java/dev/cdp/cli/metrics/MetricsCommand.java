package dev.cdp.cli.metrics;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/cdp metrics}. */
@Command(
        name = "metrics",
        mixinStandardHelpOptions = true,
        description = "The metrics of a catalog: list them, see their SQL, ask for numbers, build rollups.",
        subcommands = {ListCommand.class, SqlCommand.class, QueryCommand.class, PlanCommand.class, ApplyCommand.class})
public final class MetricsCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
