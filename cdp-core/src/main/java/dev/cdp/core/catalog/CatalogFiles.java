package dev.cdp.core.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.cdp.core.schema.SchemaSource;

/**
 * The files that a catalog consists of: a folder, or a folder inside a jar. Nothing outside it is read, and what is not
 * there is a {@link FileNotFoundException}.
 */
interface CatalogFiles extends SchemaSource {

    int MAX_BYTES = 32 << 20;
    int MAX_PATH = 1_000;

    static CatalogFiles folder(Path folder) {
        return path -> {
            Path file = folder.resolve(checked(path));
            try {
                Path real = file.toRealPath();
                if (!real.startsWith(folder.toRealPath())) {
                    throw new IOException("'" + path + "' leaves the catalog's folder through a link");
                }
                if (Files.size(real) > MAX_BYTES) {
                    throw new IOException("'" + path + "' is larger than " + MAX_BYTES + " bytes");
                }
                return Files.readAllBytes(real);
            } catch (NoSuchFileException e) {
                FileNotFoundException absent = new FileNotFoundException("there is no file " + file);
                absent.initCause(e);
                throw absent;
            }
        };
    }

    static CatalogFiles classpath(ClassLoader loader, String folder) {
        return path -> {
            String resource = folder + checked(path);
            try (InputStream in = loader.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new FileNotFoundException("there is no resource " + resource + " on the class path");
                }
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new IOException("'" + path + "' is larger than " + MAX_BYTES + " bytes");
                }
                return bytes;
            }
        };
    }

    private static String checked(String path) throws IOException {
        if (path.length() > MAX_PATH) {
            throw new IOException("'" + DidYouMean.shown(path) + "' is too long for a file name");
        }
        try {
            Path relative = Path.of(path).normalize();
            if (relative.isAbsolute() || relative.startsWith("..") || path.contains("\\") || path.startsWith("/")) {
                throw new IOException(
                        "'" + DidYouMean.shown(path) + "' leaves the catalog's folder; name a file inside it");
            }
            return relative.toString().replace('\\', '/');
        } catch (InvalidPathException e) {
            throw new IOException("'" + DidYouMean.shown(path) + "' is not a file name", e);
        }
    }
}
