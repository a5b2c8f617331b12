package dev.cdp.cli.catalog;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.Words;
import dev.cdp.core.catalog.CatalogDiff;
import dev.cdp.core.catalog.ColumnChange;
import dev.cdp.core.catalog.EventDiff;
import dev.cdp.core.catalog.Impact;
import dev.cdp.core.catalog.Impact.Weight;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what lies between two catalogs, and what it means for whatever stands on them. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Says which events were added, removed or changed between two catalogs, and what that means for",
            "consumers, tables, metrics and dimensions (docs/compatibility.md).",
            "Exit code 0: nothing breaks; 1: something does; 2: a catalog cannot be used."
        })
final class DiffCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "OLD", description = "A cdp.yaml as it was.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path older;

    @Parameters(index = "1", paramLabel = "NEW", description = "A cdp.yaml as it is.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path newer;

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            defaultValue = "lenient",
            description = {
                "lenient (default): a field that was never declared was never sent; strict: an open object may hold",
                "anything already."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String policy;

    @Option(names = "--all", description = "Show also what asks for nothing.")
    private boolean all;

    @Option(names = "--json", description = "Print one JSON document; it always has everything.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        CatalogDiff diff = CatalogDiff.between(older, newer, Words.read("--policy", Policy.class, policy));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonOutput.of(document(diff)));
        } else {
            print(diff, out);
        }
        out.flush();
        return diff.breaking() ? ExitCode.FINDINGS : ExitCode.OK;
    }

    private void print(CatalogDiff diff, PrintWriter out) {
        for (EventDiff event : diff.events()) {
            out.println(event.event() + " (" + Words.of(event.kind()) + ", topic "
                    + String.join(" and ", event.topics()) + ")");
            for (EventDiff.VersionDiff version : event.versions()) {
                out.println("  version " + version.before() + " → " + version.after() + ": "
                        + version.report().differences().size() + " differences");
                version.report().differences().forEach(difference -> out.println("    " + difference));
            }
            print(event.impacts(), out);
        }
        if (!diff.aggregates().isEmpty()) {
            out.println("dimensions and metrics");
            print(diff.aggregates(), out);
        }
        long breaking = diff.impacts()
                .filter(impact -> impact.weight() == Weight.BREAKING)
                .count();
        out.println(
                diff.isEmpty()
                        ? "the catalogs say the same"
                        : diff.events().size() + " events differ; " + breaking + " changes break something");
    }

    private void print(List<Impact> impacts, PrintWriter out) {
        List<Impact> shown = impacts.stream()
                .filter(impact -> all || impact.weight() != Weight.SAFE)
                .toList();
        shown.forEach(impact -> out.println("  " + impact));
        if (shown.size() < impacts.size()) {
            out.println(
                    "  safe: " + (impacts.size() - shown.size()) + " changes that ask for nothing (--all shows them)");
        }
    }

    private static Map<String, Object> document(CatalogDiff diff) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("breaking", diff.breaking());
        document.put("topics", List.copyOf(diff.topics()));
        document.put("events", diff.events().stream().map(DiffCommand::row).toList());
        document.put(
                "aggregates", diff.aggregates().stream().map(DiffCommand::row).toList());
        return document;
    }

    private static Map<String, Object> row(EventDiff event) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("event", event.event());
        row.put("kind", Words.of(event.kind()));
        row.put("breaking", event.breaking());
        row.put("topics", event.topics());
        row.put("versions", event.versions().stream().map(DiffCommand::row).toList());
        row.put("columns", event.columns().stream().map(DiffCommand::row).toList());
        row.put("dimensions", event.dimensions());
        row.put("metrics", event.metrics());
        row.put("impacts", event.impacts().stream().map(DiffCommand::row).toList());
        return row;
    }

    private static Map<String, Object> row(EventDiff.VersionDiff version) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("before", version.before());
        row.put("after", version.after());
        row.put("differences", JsonOutput.differences(version.report().differences()));
        return row;
    }

    private static Map<String, Object> row(ColumnChange column) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("table", column.table());
        row.put("column", column.name());
        row.put("kind", Words.of(column.kind()));
        column.typeBefore().ifPresent(type -> row.put("before", type));
        column.typeAfter().ifPresent(type -> row.put("after", type));
        row.put("pointer", column.pointer());
        return row;
    }

    private static Map<String, Object> row(Impact impact) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("weight", Words.of(impact.weight()));
        row.put("on", Words.of(impact.on()));
        row.put("name", impact.name());
        row.put("message", impact.message());
        return row;
    }
}
