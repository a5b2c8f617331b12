package dev.cdp.embedded;

import java.nio.file.Path;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a child process that is a ClickHouse server until its standard input ends.
 *
 * <p>The engine is a library with the whole of clickhouse-local in it. Its last query reads standard input to the end,
 * which keeps it serving; in an application's own JVM it would take the JVM down at exit.
 */
final class ClickHouseLibraryMain {
    private static final long STACK_BYTES = 16 << 20;

    private ClickHouseLibraryMain() {}

    /** Arguments: the library, the directory and the port. */
    public static void main(String[] args) throws InterruptedException {
        Path directory = Path.of(args[1]);
        Thread server = new Thread(null, () -> serve(args[0], directory, args[2]), "clickhouse", STACK_BYTES);
        server.start();
        server.join();
        // Not exit: the library's destructors would run, and crash.
        Runtime.getRuntime().halt(0);
    }

    private static void serve(String library, Path directory, String port) {
        NativeLibrary chdb = NativeLibrary.getInstance(library);
        chdb.getFunction("chdb_set_signal_handlers_enabled").invoke(new Object[] {0});
        String[] argv = {
            "clickhouse-local",
            "--path=" + directory.resolve("data"),
            "--listen_host=" + LoopbackPorts.HOST,
            "--http_port=" + port,
            "--config-file=" + ClickHouseConfig.file(directory),
            "--query",
            "SYSTEM START LISTEN HTTP;"
                    + " SELECT count() FROM file('/dev/stdin', LineAsString, 'l String') FORMAT Null"
        };
        Function query = chdb.getFunction("chdb_query_cmdline");
        Object result = query.invoke(Pointer.class, new Object[] {argv.length, new StringArray(argv)});
        String error = error(chdb, result);
        if (error != null) {
            System.err.println(error);
            Runtime.getRuntime().halt(1);
        }
    }

    private static @Nullable String error(NativeLibrary chdb, @Nullable Object result) {
        return result == null
                ? "chdb_query_cmdline returned nothing"
                : (String) chdb.getFunction("chdb_result_error").invoke(String.class, new Object[] {result});
    }
}
