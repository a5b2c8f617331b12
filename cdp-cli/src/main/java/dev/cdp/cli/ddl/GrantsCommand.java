package dev.cdp.cli.ddl;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogFile;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.clickhouse.Grants;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the rights that users of a catalog's tables need. */
@Command(
        name = "grants",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the SQL that grants what a loader, a migrator and an analyst need, to the roles cdp_loader,",
            "cdp_migrator and cdp_analyst; connects to nothing."
        })
final class GrantsCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogFile catalogFile;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Grants grants = Grants.of(catalogFile.load());
        PrintWriter out = spec.commandLine().getOut();
        print("writes rows, and finds those that a table refuses", grants.loader("cdp_loader"), out);
        print("creates and changes tables and rollups", grants.migrator("cdp_migrator"), out);
        print("reads", grants.analyst("cdp_analyst"), out);
        return ExitCode.OK;
    }

    private static void print(String what, List<String> statements, PrintWriter out) {
        out.println("-- " + what);
        statements.forEach(statement -> out.println(statement + ";"));
    }
}
