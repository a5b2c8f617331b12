package dev.cdp.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;

/** The npm package that carries the engine as a shared library, in a cache on this machine. */
final class ChdbPackage {
    static final String VERSION = "26.7.3-stable.1";

    /** Platform to what npm calls the integrity of its package. A platform that is not here was never verified. */
    private static final Map<String, String> SHA512 = Map.of(
            "linux-x64-gnu",
            "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==");

    private static final String LIBRARY = "libchdb.so";
    private static final String ENTRY = "package/" + LIBRARY;
    private static final int TAR_BLOCK = 512;
    private static final Duration NPM_TIMEOUT = Duration.ofMinutes(10);
    private static final Object IN_THIS_JVM = new Object();

    private final Path cache;
    private final Optional<Path> npm;
    private final Consumer<String> progress;
    private final String platform;

    ChdbPackage(Path cache, Optional<Path> npm, Consumer<String> progress) {
        this(cache, npm, progress, platform());
    }

    ChdbPackage(Path cache, Optional<Path> npm, Consumer<String> progress, String platform) {
        this.cache = cache;
        this.npm = npm;
        this.progress = progress;
        this.platform = platform;
    }

    /** The library's file; fetched when the cache does not have it. */
    Path library() {
        Path home = cache.resolve("chdb").resolve(VERSION).resolve(platform);
        Path library = home.resolve(LIBRARY);
        if (Files.isRegularFile(library)) {
            return library;
        }
        String integrity = SHA512.get(platform);
        if (integrity == null) {
            throw unavailable("no verified package for " + platform + " (there is one for "
                    + String.join(", ", SHA512.keySet()) + ")");
        }
        if (npm.isEmpty()) {
            throw unavailable("not in the cache at " + home + ", and npm, which would fetch it, is not on the PATH");
        }
        synchronized (IN_THIS_JVM) {
            try {
                Files.createDirectories(home);
                try (FileChannel channel = FileChannel.open(
                                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    if (lock.isValid() && !Files.isRegularFile(library)) {
                        fetch(npm.get(), home, integrity);
                    }
                    return library;
                }
            } catch (IOException e) {
                throw unavailable("cannot be put into the cache at " + home + " (" + e + ")", e);
            }
        }
    }

    private void fetch(Path npmFile, Path home, String integrity) throws IOException {
        Path work = Files.createTempDirectory(home, "fetch-");
        try {
            progress.accept("fetching the ClickHouse engine, " + name() + " (178 MB, once), into " + home);
            Path archive = pack(npmFile, work);
            String found = sha512(archive);
            if (!found.equals(integrity)) {
                throw unavailable("npm brought an archive whose sha512 is " + found + " where " + integrity
                        + " was expected; it was not used");
            }
            Path unpacked = work.resolve(LIBRARY);
            unpack(archive, unpacked);
            Files.move(unpacked, home.resolve(LIBRARY), StandardCopyOption.ATOMIC_MOVE);
            progress.accept("the ClickHouse engine is in " + home);
        } finally {
            DataDirectory.delete(work);
        }
    }

    private Path pack(Path npmFile, Path work) throws IOException {
        Path log = work.resolve("npm.log");
        Process process = new ProcessBuilder(npmFile.toString(), "pack", "--silent", name())
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(NPM_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw unavailable("npm pack did not end within " + NPM_TIMEOUT.toMinutes() + " minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while npm was at work", e);
        } finally {
            process.destroyForcibly();
        }
        try (Stream<Path> files = Files.list(work)) {
            Optional<Path> archive =
                    files.filter(file -> file.toString().endsWith(".tgz")).findFirst();
            if (process.exitValue() != 0 || archive.isEmpty()) {
                throw unavailable("npm pack " + name() + " ended with " + process.exitValue() + ": "
                        + Files.readString(log).strip());
            }
            return archive.get();
        }
    }

    private String name() {
        return "@chdb/lib-" + platform + "@" + VERSION;
    }

    private EngineUnavailableException unavailable(String why) {
        return unavailable(why, null);
    }

    private EngineUnavailableException unavailable(String why, @Nullable Throwable cause) {
        String message = "no ClickHouse engine: " + EngineLocator.URL + " is not set, no recent clickhouse binary is on"
                + " the PATH, and the library " + name() + ": " + why + ". Do one of: set " + EngineLocator.URL
                + " (with " + EngineLocator.USER + " and " + EngineLocator.PASSWORD + ") to a running server;"
                + " put a clickhouse binary on the PATH; install npm and run again, online, once.";
        return cause == null ? new EngineUnavailableException(message) : new EngineUnavailableException(message, cause);
    }

    private static String sha512(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the one file out of a gzipped ustar archive, and nothing else. */
    private static void unpack(Path archive, Path target) throws IOException {
        try (InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive), 1 << 16))) {
            for (byte[] header = in.readNBytes(TAR_BLOCK);
                    header.length == TAR_BLOCK && header[0] != 0;
                    header = in.readNBytes(TAR_BLOCK)) {
                long size = Long.parseLong(text(header, 124, 12), 8);
                if (text(header, 0, 100).equals(ENTRY)) {
                    copy(in, target, size);
                    return;
                }
                in.skipNBytes((size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK);
            }
        }
        throw new IOException("the archive has no " + ENTRY);
    }

    private static void copy(InputStream in, Path target, long size) throws IOException {
        try (OutputStream out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    throw new IOException("the archive is cut");
                }
                out.write(buffer, 0, n);
                left -= n;
            }
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.US_ASCII).strip();
    }

    /** In npm's words: {@code linux-x64-gnu}, {@code darwin-arm64}. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String cpu = List.of("amd64", "x86_64").contains(arch) ? "x64" : arch.equals("aarch64") ? "arm64" : arch;
        if (os.startsWith("mac")) {
            return "darwin-" + cpu;
        }
        return os.replace(' ', '-') + "-" + cpu + (os.equals("linux") ? libc() : "");
    }

    private static String libc() {
        boolean musl =
                Files.exists(Path.of("/lib/ld-musl-x86_64.so.1")) || Files.exists(Path.of("/lib/ld-musl-aarch64.so.1"));
        boolean glibc = Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
                || Files.exists(Path.of("/lib/ld-linux-aarch64.so.1"));
        return musl && !glibc ? "-musl" : "-gnu";
    }
}
