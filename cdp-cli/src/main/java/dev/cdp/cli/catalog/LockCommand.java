package dev.cdp.cli.catalog;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.NavigableMap;
import java.util.concurrent.Callable;

import dev.cdp.cli.command.CatalogFile;
import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.CatalogLock;
import dev.cdp.core.catalog.InvalidCatalogException;
import dev.cdp.core.catalog.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Writes what every version of a catalog says into the lock beside it. */
@Command(
        name = "lock",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the hashes of all schema versions into cdp.lock, beside cdp.yaml; commit both.",
            "A version that is locked already must still say the same.",
            "Exit code 0: written; 1: a locked version changed or is gone; 2: the catalog cannot be used."
        })
final class LockCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CatalogFile catalogFile;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path file = catalogFile.path();
        Catalog catalog;
        try {
            catalog = Catalog.load(file);
        } catch (InvalidCatalogException e) {
            if (!e.problems().stream().allMatch(CatalogLock::concerns)) {
                throw e;
            }
            e.problems().stream().map(Problem::toString).forEach(out::println);
            out.flush();
            return ExitCode.FINDINGS;
        }
        CatalogLock before = CatalogLock.read(file).orElse(null);
        CatalogLock after = CatalogLock.of(catalog);
        write(CatalogLock.beside(file), after.text());
        long added = versions(after) - (before == null ? 0 : versions(before));
        out.println(CatalogLock.beside(file) + ": " + versions(after) + " versions of "
                + after.events().size() + " events, " + added + " of them new");
        out.flush();
        return ExitCode.OK;
    }

    private static long versions(CatalogLock lock) {
        return lock.events().values().stream().mapToLong(NavigableMap::size).sum();
    }

    /** Whoever loads the catalog meanwhile sees the old lock or the new one. */
    private static void write(Path lock, String text) {
        try {
            Path folder = lock.toAbsolutePath().getParent();
            Path written = Files.createTempFile(folder, "cdp", ".lock.tmp");
            Files.write(written, text.getBytes(StandardCharsets.UTF_8));
            Files.move(written, lock, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnusableException(lock + ": cannot be written (" + e + ")", e);
        }
    }
}
