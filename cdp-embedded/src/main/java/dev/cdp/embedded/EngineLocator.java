package dev.cdp.embedded;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds an engine: a running server, a binary on the PATH, the library in the cache or from npm, in this order. */
final class EngineLocator {
    static final String URL = "CDP_CLICKHOUSE_URL";
    static final String USER = "CDP_CLICKHOUSE_USER";
    static final String PASSWORD = "CDP_CLICKHOUSE_PASSWORD";

    /** Debian's package is of 2018 and lacks most of what a test needs. */
    private static final int OLDEST_BINARY = 24;

    private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.");

    private final Map<String, String> environment;
    private final Consumer<String> progress;

    EngineLocator(Map<String, String> environment, Consumer<String> progress) {
        this.environment = environment;
        this.progress = progress;
    }

    ClickHouseEngine locate() {
        Optional<ClickHouseEngine> running = running();
        if (running.isPresent()) {
            return running.get();
        }
        Optional<Path> binary = onPath("clickhouse").filter(this::recent);
        if (binary.isPresent()) {
            return new ClickHouseEngine.Binary(binary.get());
        }
        return new ClickHouseEngine.Library(new ChdbPackage(cacheDirectory(), onPath("npm"), progress).library());
    }

    private Optional<ClickHouseEngine> running() {
        String text = environment.getOrDefault(URL, "");
        if (text.isBlank()) {
            return Optional.empty();
        }
        URI url;
        try {
            url = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(URL + " is not a URL; expected http://host:8123");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    URL + " must not carry a user or password: set " + USER + " and " + PASSWORD);
        }
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(URL + " must be http://host:port or https://host:port, not " + text);
        }
        return Optional.of(new ClickHouseEngine.Running(
                url, environment.getOrDefault(USER, "default"), environment.getOrDefault(PASSWORD, "")));
    }

    private Optional<Path> onPath(String name) {
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!directory.isEmpty()) {
                Path file = Path.of(directory, name).toAbsolutePath();
                if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    private boolean recent(Path binary) {
        try {
            Process process = new ProcessBuilder(binary.toString(), "local", "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Matcher version = VERSION.matcher(output);
            if (version.find() && Integer.parseInt(version.group(1)) >= OLDEST_BINARY) {
                return true;
            }
            progress.accept("passing over " + binary + ": it is not ClickHouse " + OLDEST_BINARY + " or newer");
        } catch (IOException e) {
            progress.accept("passing over " + binary + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private Path cacheDirectory() {
        String own = environment.getOrDefault("CDP_CACHE", "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("cdp").toAbsolutePath();
    }
}
