package dev.cdp.cli.ddl;

import java.util.List;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.clickhouse.MigrationStep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what differs between a catalog and a server. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what differs between the catalog and the server as SQL, each step with its risk; changes nothing.",
            "safe: apply runs it. named: apply runs it where --allow names it. impossible: it takes a new table.",
            "Exit code 0: nothing differs; 1: something does; 2: the catalog or the server cannot be used."
        })
final class PlanCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private TablesOptions tables;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<MigrationStep> steps = TablesOptions.call(() -> tables.migration().plan());
        long safe = steps.stream()
                .filter(step -> step.risk() == MigrationStep.Risk.SAFE)
                .count();
        tables.print(
                steps,
                steps.isEmpty()
                        ? "nothing differs"
                        : steps.size() + " steps, " + safe + " of them safe: bin/cdp ddl apply runs those",
                spec.commandLine().getOut());
        return steps.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
    }
}
