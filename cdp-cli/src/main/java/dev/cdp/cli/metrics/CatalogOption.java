package dev.cdp.cli.metrics;

import java.nio.file.Path;

import dev.cdp.core.catalog.Catalog;
import picocli.CommandLine.Option;

/** Which catalog a command is about. */
final class CatalogOption {

    @Option(
            names = "--catalog",
            paramLabel = "FILE",
            defaultValue = "cdp.yaml",
            description = "The catalog (default: ./cdp.yaml).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    Catalog load() {
        return Catalog.load(file);
    }
}
