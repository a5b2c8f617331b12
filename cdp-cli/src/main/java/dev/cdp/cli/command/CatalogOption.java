package dev.cdp.cli.command;

import java.nio.file.Path;

import dev.cdp.core.catalog.Catalog;
import picocli.CommandLine.Option;

/** Which catalog a command is about that takes other names: {@code ./cdp.yaml} where it does not say. */
public final class CatalogOption {

    @Option(
            names = "--catalog",
            paramLabel = "FILE",
            defaultValue = "cdp.yaml",
            description = "The catalog (default: ./cdp.yaml).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    /** The catalog in the file. */
    public Catalog load() {
        return Catalog.load(file);
    }
}
