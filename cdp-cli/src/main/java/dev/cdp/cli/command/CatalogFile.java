package dev.cdp.cli.command;

import java.nio.file.Path;

import dev.cdp.core.catalog.Catalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which catalog a command is about that takes its name alone: {@code ./cdp.yaml} where it does not say. */
public final class CatalogFile {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "cdp.yaml",
            description = "The catalog (default: ./cdp.yaml).")
    private @Nullable Path file;

    @Option(names = "--catalog", paramLabel = "FILE", description = "The same, as other commands take it.")
    private @Nullable Path catalog;

    /** The file. */
    public Path path() {
        if (file != null && catalog != null) {
            throw new UnusableException("name the catalog once: found " + file + " and --catalog " + catalog);
        }
        return file != null ? file : catalog != null ? catalog : Path.of("cdp.yaml");
    }

    /** The catalog in it. */
    public Catalog load() {
        return Catalog.load(path());
    }
}
