package dev.cdp.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EngineLocatorTest {
    private final List<String> progress = new ArrayList<>();

    @TempDir
    private Path temp;

    @Test
    void withoutAnythingItSaysWhatToDo() {
        Path home = temp.resolve("chdb/26.7.3-stable.1/linux-x64-gnu");
        ChdbPackage library = new ChdbPackage(temp, Optional.empty(), progress::add, "linux-x64-gnu");

        assertThatThrownBy(library::library)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessage("no ClickHouse engine: CDP_CLICKHOUSE_URL is not set, no recent clickhouse binary is on the"
                        + " PATH, and the library @chdb/lib-linux-x64-gnu@26.7.3-stable.1: not in the cache at " + home
                        + ", and npm, which would fetch it, is not on the PATH. Do one of: set CDP_CLICKHOUSE_URL (with"
                        + " CDP_CLICKHOUSE_USER and CDP_CLICKHOUSE_PASSWORD) to a running server; put a clickhouse"
                        + " binary on the PATH; install npm and run again, online, once.");
    }

    @Test
    void anEmptyEnvironmentHasNoEngine() {
        assertThatThrownBy(() -> locate(Map.of("CDP_CACHE", temp.toString(), "PATH", "")))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("no ClickHouse engine");
    }

    @Test
    void aPlatformWithoutAVerifiedPackageIsNotServed() {
        ChdbPackage library = new ChdbPackage(temp, Optional.empty(), progress::add, "linux-x64-musl");

        assertThatThrownBy(library::library)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("no verified package for linux-x64-musl (there is one for linux-x64-gnu)");
    }

    @Test
    void aWrongArchiveIsNotUsed() throws IOException {
        Path npm = script("npm", "echo rubbish > chdb.tgz");
        ChdbPackage library = new ChdbPackage(temp, Optional.of(npm), progress::add, "linux-x64-gnu");

        assertThatThrownBy(library::library)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("it was not used");
        assertThat(progress).singleElement().asString().contains("fetching the ClickHouse engine");
        assertThat(temp.resolve("chdb/26.7.3-stable.1/linux-x64-gnu"))
                .isDirectoryNotContaining(path -> !path.endsWith("lock"));
    }

    @Test
    void anNpmThatFailsIsQuoted() throws IOException {
        Path npm = script("npm", "echo there is no network; exit 3");
        ChdbPackage library = new ChdbPackage(temp, Optional.of(npm), progress::add, "linux-x64-gnu");

        assertThatThrownBy(library::library)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("ended with 3: there is no network");
    }

    @Test
    void aRunningServerGoesFirst() {
        ClickHouseEngine engine = locate(Map.of(
                "CDP_CLICKHOUSE_URL", "http://db.example:8123",
                "CDP_CLICKHOUSE_USER", "loader",
                "CDP_CLICKHOUSE_PASSWORD", "secret"));

        assertThat(engine)
                .isEqualTo(new ClickHouseEngine.Running(URI.create("http://db.example:8123"), "loader", "secret"));
    }

    @Test
    void aRunningServerCannotBeKilled() {
        EmbeddedClickHouse clickHouse = EmbeddedClickHouse.start(
                new EngineLocator(Map.of("CDP_CLICKHOUSE_URL", "http://db.example:8123"), progress::add));

        assertThat(clickHouse.external()).isTrue();
        assertThatThrownBy(clickHouse::kill)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("was already running (CDP_CLICKHOUSE_URL)");
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> locate(Map.of("CDP_CLICKHOUSE_URL", "http://me:hunter2@db.example:8123")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CDP_CLICKHOUSE_PASSWORD")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aRecentBinaryOnThePathGoesBeforeTheLibrary() throws IOException {
        Path binary = script("clickhouse", "echo ClickHouse local version 25.8.1.1.");

        assertThat(locate(Map.of("PATH", temp.toString()))).isEqualTo(new ClickHouseEngine.Binary(binary));
    }

    @Test
    void anOldBinaryIsPassedOverAloud() throws IOException {
        script("clickhouse", "echo ClickHouse client version 18.16.1.");

        assertThatThrownBy(() -> locate(Map.of("PATH", temp.toString(), "CDP_CACHE", temp.toString())))
                .isInstanceOf(EngineUnavailableException.class);
        assertThat(progress).singleElement().asString().contains("not ClickHouse 24 or newer");
    }

    private ClickHouseEngine locate(Map<String, String> environment) {
        return new EngineLocator(environment, progress::add).locate();
    }

    private Path script(String name, String body) throws IOException {
        Path file = Files.writeString(temp.resolve(name), "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
