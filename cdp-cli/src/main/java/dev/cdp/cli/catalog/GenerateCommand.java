package dev.cdp.cli.catalog;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import javax.lang.model.SourceVersion;

import dev.cdp.cli.command.CatalogFile;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.cli.generate.GeneratedFiles;
import dev.cdp.cli.generate.JavaRecords;
import dev.cdp.core.catalog.Catalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the classes that a catalog's events are published as. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {
            "Writes Java records for the events of a catalog, each by today's version (docs/generate.md).",
            "Files that were not generated from this catalog are never touched.",
            "Exit code 0: written, or up to date; 1: --check found something else; 2: it cannot be done."
        })
final class GenerateCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogFile catalog;

    @Option(
            names = "--lang",
            paramLabel = "LANGUAGE",
            defaultValue = "java",
            description = "The language: java (default), of release 17.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String language;

    @Option(names = "--package", required = true, paramLabel = "NAME", description = "The package, one of its own.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String packageName;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The folder of sources, such as src/main/java; the package's folders are made in it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(names = "--check", description = "Write nothing; say what is not up to date.")
    private boolean check;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!language.equals("java")) {
            throw new UnusableException("--lang: expected java, found '" + language + "'");
        }
        if (!packageName.matches("[A-Za-z0-9_.]+") || !SourceVersion.isName(packageName, SourceVersion.RELEASE_17)) {
            throw new UnusableException(
                    "--package: expected the name of a Java package such as com.example.events, found '" + packageName
                            + "'");
        }
        JavaRecords records = JavaRecords.of(Catalog.load(catalog.path()), packageName);
        Path folder = out.resolve(packageName.replace('.', '/'));
        GeneratedFiles files = GeneratedFiles.compare(folder, records.mark(), records.files());
        if (!check) {
            files.write();
        }
        PrintWriter printer = spec.commandLine().getOut();
        records.left()
                .forEach(event -> printer.println(event + ": no record, because its schema declares no property"));
        files.missing().forEach(name -> printer.println((check ? "missing: " : "written: ") + folder.resolve(name)));
        files.changed().forEach(name -> printer.println((check ? "changed: " : "written: ") + folder.resolve(name)));
        files.outdated().forEach(name -> printer.println((check ? "outdated: " : "removed: ") + folder.resolve(name)));
        printer.println(
                files.upToDate() || !check
                        ? folder + ": " + records.files().size() + " files, up to date"
                        : folder + ": not up to date; run the same command without --check");
        printer.flush();
        return files.upToDate() || !check ? ExitCode.OK : ExitCode.FINDINGS;
    }
}
