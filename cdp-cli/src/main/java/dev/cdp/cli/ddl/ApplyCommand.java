package dev.cdp.cli.ddl;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.clickhouse.MigrationStep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings a server's tables up to a catalog. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the safe steps of the plan, and those that --allow names; says what it refused, and why.",
            "Running it again changes nothing; several may run at once.",
            "Exit code 0: nothing differs any more; 1: steps were refused; 2: the catalog or the server cannot be used."
        })
final class ApplyCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private TablesOptions tables;

    @Option(
            names = "--allow",
            paramLabel = "STEP",
            description = "A step that is not safe, by its name in the plan; may be given more than once.")
    private Set<String> allowed = Set.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<MigrationStep> refused =
                TablesOptions.call(() -> tables.migration().apply(allowed));
        tables.print(
                refused,
                refused.isEmpty()
                        ? "the server is up to the catalog"
                        : refused.size() + " steps were refused; --allow STEP runs one that is named",
                spec.commandLine().getOut());
        return refused.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
    }
}
