package dev.cdp.cli.ddl;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.cli.command.CatalogFile;
import dev.cdp.cli.command.ClickHouseOptions;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.cli.command.Words;
import dev.cdp.clickhouse.Migration;
import dev.cdp.clickhouse.MigrationStep;
import dev.cdp.clickhouse.TableLayout;
import dev.cdp.clickhouse.TableLayout.Replication;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code plan} and {@code apply} share: the catalog, the server, and how steps are shown. */
final class TablesOptions {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogFile catalogFile;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ClickHouseOptions clickHouse;

    @Option(names = "--cluster", paramLabel = "NAME", description = "Say ON CLUSTER NAME in every statement.")
    private @Nullable String cluster;

    @Option(names = "--replicated", description = "Create tables with a Replicated engine.")
    private boolean replicated;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    Migration migration() {
        TableLayout layout = new TableLayout(
                TableLayout.SINGLE.deduplicationWindow(),
                cluster == null ? "" : cluster,
                replicated ? Replication.ENGINE : Replication.NONE);
        return Migration.of(catalogFile.load(), clickHouse.server(), layout);
    }

    /** As SQL that can be read, kept and run by hand; or for machines. */
    void print(List<MigrationStep> steps, String summary, PrintWriter out) {
        if (json) {
            List<Map<String, Object>> rows = steps.stream()
                    .map(step -> {
                        Map<String, Object> row = new LinkedHashMap<>();
                        row.put("step", step.name());
                        row.put("risk", Words.of(step.risk()));
                        row.put("why", step.why());
                        row.put("sql", step.sql());
                        return row;
                    })
                    .toList();
            out.println(JsonOutput.of(Map.of("steps", rows)));
        } else {
            for (MigrationStep step : steps) {
                out.println("-- " + step.name());
                out.println("-- " + Words.of(step.risk()) + ": " + step.why().replaceAll("\\s+", " "));
                boolean commented = step.risk() != MigrationStep.Risk.SAFE;
                out.println(step.sql().isEmpty() ? "" : (commented ? "-- " : "") + shown(step.sql(), commented) + ";");
                out.println();
            }
            out.println("-- " + summary);
        }
        out.flush();
    }

    private static String shown(String sql, boolean commented) {
        return commented ? sql.replace("\n", "\n-- ") : sql;
    }

    /** Runs what may be interrupted. */
    static <T> T call(Interruptible<T> call) {
        try {
            return call.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while it waited for ClickHouse", e);
        }
    }

    /** Something that waits. */
    @FunctionalInterface
    interface Interruptible<T> {
        T run() throws InterruptedException;
    }
}
