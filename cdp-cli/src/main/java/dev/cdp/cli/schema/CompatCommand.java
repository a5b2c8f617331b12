package dev.cdp.cli.schema;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.Words;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.schema.CompatibilityReport;
import dev.cdp.core.schema.EventSchema;
import dev.cdp.core.schema.SchemaCompatibility;
import dev.cdp.core.schema.SchemaCompatibility.Mode;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import dev.cdp.core.schema.SchemaDifference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether versions of a schema can read each other's data, and every difference that stands against it. */
@Command(
        name = "compat",
        mixinStandardHelpOptions = true,
        description = {
            "Says whether versions of a JSON Schema can read each other's data, and what stands against it",
            "(docs/compatibility.md). What cannot be proven compatible is a difference.",
            "Exit code 0: compatible; 1: not; 2: a file cannot be read or is no schema."
        })
final class CompatCommand implements Callable<Integer> {

    @Option(
            names = "--mode",
            required = true,
            paramLabel = "MODE",
            description = {
                "BACKWARD: the new schema reads old data; FORWARD: the old one reads new data; FULL: both;",
                "BACKWARD_TRANSITIVE, FORWARD_TRANSITIVE, FULL_TRANSITIVE: for every version before the last."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String mode;

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            defaultValue = "strict",
            description = {
                "strict (default), or lenient: an optional property that only one schema declares, in an object that",
                "the other leaves open, is taken to have never been written under the other."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String policy;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Parameters(
            arity = "2..*",
            paramLabel = "OLD.json NEW.json",
            description = "The versions, the oldest first; what they refer to stands beside them.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Path> files;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Mode asked = Words.read("--mode", Mode.class, mode);
        SchemaCompatibility compatibility = SchemaCompatibility.of(asked, Words.read("--policy", Policy.class, policy));
        List<EventSchema> versions = files.stream().map(CompatCommand::load).toList();
        List<CompatibilityReport> reports = compatibility.check(versions);
        boolean compatible = reports.stream().allMatch(CompatibilityReport::compatible);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonOutput.of(document(reports, compatible)));
        } else {
            print(reports, out);
        }
        out.flush();
        return compatible ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private static EventSchema load(Path file) {
        return Catalog.of("schema", file).event("schema").orElseThrow().schema();
    }

    /** The reports are about the last versions before the newest one. */
    private Path older(List<CompatibilityReport> reports, int index) {
        return files.get(files.size() - 1 - reports.size() + index);
    }

    private Path newest() {
        return files.get(files.size() - 1);
    }

    private void print(List<CompatibilityReport> reports, PrintWriter out) {
        for (int i = 0; i < reports.size(); i++) {
            CompatibilityReport report = reports.get(i);
            out.println(older(reports, i) + " → " + newest() + ": " + report.mode() + " by policy "
                    + Words.of(report.policy()) + ": " + (report.compatible() ? "compatible" : "not compatible"));
            for (SchemaDifference difference : report.breaking()) {
                out.println("  " + difference);
            }
            int others = report.differences().size() - report.breaking().size();
            if (others > 0) {
                out.println("  (" + others + " more in the direction that " + report.mode() + " does not ask about)");
            }
        }
    }

    private Map<String, Object> document(List<CompatibilityReport> reports, boolean compatible) {
        List<Map<String, Object>> comparisons = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            Map<String, Object> comparison = new LinkedHashMap<>();
            comparison.put("old", older(reports, i).toString());
            comparison.put("new", newest().toString());
            comparison.put("compatible", reports.get(i).compatible());
            comparison.put("differences", JsonOutput.differences(reports.get(i).breaking()));
            comparisons.add(comparison);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("mode", Words.read("--mode", Mode.class, mode).name());
        document.put("policy", Words.of(Words.read("--policy", Policy.class, policy)));
        document.put("compatible", compatible);
        document.put("comparisons", comparisons);
        return document;
    }
}
