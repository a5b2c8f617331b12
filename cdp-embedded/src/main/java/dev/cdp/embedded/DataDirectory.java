package dev.cdp.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;

/** A temporary directory that is removed with all that is in it. */
final class DataDirectory {
    private DataDirectory() {}

    static Path create(String name) {
        try {
            return Files.createTempDirectory("cdp-" + name + "-").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a data directory in java.io.tmpdir", e);
        }
    }

    /** Removes what can be removed; a server that is being killed may still write, so it tries three times. */
    static void delete(Path directory) {
        for (int i = 0; i < 3 && Files.exists(directory); i++) {
            try {
                Files.walkFileTree(directory, new Remover());
            } catch (IOException e) {
                // Once more.
            }
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
