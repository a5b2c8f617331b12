package dev.cdp.cli.metrics;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogOption;
import dev.cdp.cli.command.ClickHouseOptions;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.Migration;
import dev.cdp.clickhouse.MigrationStep;
import dev.cdp.clickhouse.TableLayout;
import dev.cdp.clickhouse.metrics.Rollups;
import dev.cdp.core.catalog.Catalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Creates the tables of a catalog and builds its rollups. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Creates the tables of facts and the rollups that are missing, and fills in the facts from before.",
            "Loaders may go on; their inserts are held for a moment. Running it again changes nothing.",
            "Exit code 0: all are there; 2: something has to be changed first, or the server does not answer."
        })
final class ApplyCommand implements Callable<Integer> {

    /** For each month of a table of facts. */
    private static final Duration TIMEOUT = Duration.ofHours(1);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogOption catalogOption;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ClickHouseOptions server;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Catalog catalog = catalogOption.load();
        PrintWriter out = spec.commandLine().getOut();
        for (MigrationStep refused :
                Migration.of(catalog, server.server(), TableLayout.SINGLE).apply(Set.of())) {
            throw new UnusableException(refused.name() + ": " + refused.why() + " (bin/cdp ddl plan)");
        }
        Rollups rollups = Rollups.of(ClickHouseClient.of(server.server(), TIMEOUT), catalog);
        List<String> built = rollups.apply();
        built.forEach(out::println);
        out.println(
                built.isEmpty()
                        ? "nothing to do: every rollup is there"
                        : built.size() + " rollups built, " + rollups.ready().size() + " there");
        List<String> obsolete = rollups.obsolete();
        if (!obsolete.isEmpty()) {
            out.println("no metric of this catalog reads these any more; drop them when nobody else does:");
            obsolete.forEach(sql -> out.println("    " + sql));
        }
        out.flush();
        return ExitCode.OK;
    }
}
