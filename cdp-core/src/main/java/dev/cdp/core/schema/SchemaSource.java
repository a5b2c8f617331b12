package dev.cdp.core.schema;

import java.io.IOException;

/** Reads the files of one catalog. A path is relative to the catalog's folder and never leaves it. */
@FunctionalInterface
public interface SchemaSource {

    /**
     * The bytes of a file.
     *
     * @throws IOException if there is no such file, it cannot be read, or the path leaves the catalog's folder
     */
    byte[] read(String path) throws IOException;
}
