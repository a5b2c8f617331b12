package dev.cdp.cli.catalog;

import java.nio.file.Path;

import dev.cdp.cli.command.UnusableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which catalog a command is about: {@code ./cdp.yaml} where it does not say. */
final class CatalogFile {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "cdp.yaml",
            description = "The catalog (default: ./cdp.yaml).")
    private @Nullable Path file;

    @Option(names = "--catalog", paramLabel = "FILE", description = "The same, as other commands take it.")
    private @Nullable Path catalog;

    Path path() {
        if (file != null && catalog != null) {
            throw new UnusableException("name the catalog once: found " + file + " and --catalog " + catalog);
        }
        return file != null ? file : catalog != null ? catalog : Path.of("cdp.yaml");
    }
}
