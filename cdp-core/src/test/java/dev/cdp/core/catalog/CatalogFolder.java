package dev.cdp.core.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A catalog's folder that a test writes file by file. */
public final class CatalogFolder {

    static final String HEAD = """
            cdp: 1
            catalog: social
            source: //social.example
            """;

    private final Path folder;

    public CatalogFolder(Path folder) {
        this.folder = folder;
    }

    /** Writes a file; parents are made. */
    public CatalogFolder file(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes {@code cdp.yaml} as its usual first three lines and {@code rest}, and loads it. */
    public Catalog load(String rest) {
        return loadText(HEAD + rest);
    }

    /** Writes {@code cdp.yaml} and loads it. */
    public Catalog loadText(String text) {
        file("cdp.yaml", text);
        return Catalog.load(folder.resolve("cdp.yaml"));
    }
}
