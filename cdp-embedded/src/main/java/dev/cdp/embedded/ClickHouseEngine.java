package dev.cdp.embedded;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Where the ClickHouse comes from. */
sealed interface ClickHouseEngine {
    /** A server that is already running. */
    record Running(URI url, String user, String password) implements ClickHouseEngine {}

    /** An engine that is started as a child process. */
    sealed interface Startable extends ClickHouseEngine {
        ChildProcess start(Path directory, int port, String password);
    }

    /** A {@code clickhouse} binary. */
    record Binary(Path file) implements Startable {
        @Override
        public ChildProcess start(Path directory, int port, String password) {
            ClickHouseConfig.writeForServer(directory, port, password);
            return ChildProcess.start(
                    "ClickHouse",
                    directory,
                    List.of(file.toString(), "server", "--config-file=" + ClickHouseConfig.file(directory)));
        }
    }

    /** The engine as a shared library. */
    record Library(Path file) implements Startable {
        @Override
        public ChildProcess start(Path directory, int port, String password) {
            ClickHouseConfig.writeForLibrary(directory, password);
            return ChildProcess.startJava(
                    "ClickHouse",
                    directory,
                    directory,
                    jvmOptions(),
                    ClickHouseLibraryMain.class,
                    List.of(file.toString(), directory.toString(), Integer.toString(port)));
        }

        private static List<String> jvmOptions() {
            return Runtime.version().feature() >= 22
                    ? List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED")
                    : List.of("-Xmx64m", "-XX:TieredStopAtLevel=1");
        }
    }
}
