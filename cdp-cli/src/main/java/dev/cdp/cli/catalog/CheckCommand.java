package dev.cdp.cli.catalog;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogFile;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.JsonOutput;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.catalog.CatalogLinter;
import dev.cdp.core.catalog.Finding;
import dev.cdp.core.catalog.LintReport;
import dev.cdp.core.catalog.Severity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says everything that is wrong with a catalog, and what may go wrong. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Says everything that is wrong with a catalog, and what may go wrong (docs/lint.md).",
            "Exit code 0: nothing but notes; 1: a problem, an error or a warning; 2: the file cannot be read."
        })
final class CheckCommand implements Callable<Integer> {

    private static final Set<String> UNREADABLE = Set.of("catalog-file", "encoding");

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogFile catalog;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path path = catalog.path();
        LintReport report = CatalogLinter.check(path);
        for (Finding finding : report.findings()) {
            if (UNREADABLE.contains(finding.rule())) {
                throw new UnusableException(finding.place() + ": " + finding.message());
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonOutput.of(document(path, report)));
        } else {
            print(path, report, out);
        }
        out.flush();
        return report.passes() ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private static void print(Path path, LintReport report, PrintWriter out) {
        for (Finding finding : report.findings()) {
            out.println(placed(path, finding));
        }
        out.println(path + ": " + count(report, Severity.ERROR) + ", " + count(report, Severity.WARNING) + ", "
                + count(report, Severity.NOTE)
                + (report.suppressed().isEmpty()
                        ? ""
                        : "; " + report.suppressed().size() + " suppressed by the catalog, each with a reason"));
    }

    private static String count(LintReport report, Severity severity) {
        long count = report.count(severity);
        String word = severity.name().toLowerCase(Locale.ROOT);
        return count + " " + word + (count == 1 ? "" : "s");
    }

    /** A schema's file is named from the catalog's folder; whoever reads it stands elsewhere. */
    private static Finding placed(Path catalog, Finding finding) {
        boolean own = finding.file().equals(catalog.toString());
        Path file = own ? catalog : catalog.resolveSibling(finding.file());
        return new Finding(
                finding.severity(),
                finding.rule(),
                file.toString(),
                finding.line(),
                finding.column(),
                finding.at(),
                finding.message());
    }

    private static Map<String, Object> document(Path path, LintReport report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("catalog", path.toString());
        document.put("passes", report.passes());
        List<Map<String, Object>> findings = report.findings().stream()
                .map(finding -> row(placed(path, finding)))
                .toList();
        document.put("findings", findings);
        List<Map<String, Object>> suppressed = report.suppressed().stream()
                .map(entry -> {
                    Map<String, Object> row = row(placed(path, entry.finding()));
                    row.put("reason", entry.reason());
                    return row;
                })
                .toList();
        document.put("suppressed", suppressed);
        return document;
    }

    private static Map<String, Object> row(Finding finding) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        row.put("rule", finding.rule());
        row.put("file", finding.file());
        row.put("line", finding.line());
        row.put("column", finding.column());
        row.put("at", finding.at());
        row.put("message", finding.message());
        return row;
    }
}
