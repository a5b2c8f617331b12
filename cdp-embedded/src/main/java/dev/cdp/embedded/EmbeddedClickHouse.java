package dev.cdp.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real ClickHouse server on 127.0.0.1 in a child process that dies with this JVM, or a running one that is used.
 *
 * <p>It is, in this order: the server at {@code CDP_CLICKHOUSE_URL}; a {@code clickhouse} binary on the PATH; the engine
 * as a library, from the cache or by {@code npm pack}. Data lives in a temporary directory until {@link #close()}. Any
 * thread may call it; all but {@link #query} are serialized.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedClickHouse.class);
    private static final Duration QUERY_TIMEOUT = Duration.ofMinutes(2);

    /** After it the question is put again: another program on its port may take connections and never answer. */
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Await.LIMIT)
            .build();
    private final URI url;
    private final String user;
    private final String password;
    private final @Nullable Server server;
    private boolean closed;

    private EmbeddedClickHouse(URI url, String user, String password, @Nullable Server server) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.server = server;
    }

    /** Starts a server, and logs at info level when the engine has to be fetched first. */
    public static EmbeddedClickHouse start() {
        return start(LOG::info);
    }

    /**
     * Starts a server; {@code progress} is given a line now and then when the engine has to be fetched first.
     *
     * @throws EngineUnavailableException when there is no engine to start
     */
    public static EmbeddedClickHouse start(Consumer<String> progress) {
        Objects.requireNonNull(progress, "progress");
        return start(new EngineLocator(System.getenv(), progress));
    }

    static EmbeddedClickHouse start(EngineLocator locator) {
        ClickHouseEngine engine = locator.locate();
        if (engine instanceof ClickHouseEngine.Running running) {
            return new EmbeddedClickHouse(running.url(), running.user(), running.password(), null);
        }
        ClickHouseEngine.Startable startable = (ClickHouseEngine.Startable) engine;
        return LoopbackPorts.start(ports -> start(startable, ports));
    }

    /** The server's HTTP address; it carries no user and no password. */
    public URI url() {
        return url;
    }

    /** The user to log in as; it may do everything. */
    public String user() {
        return user;
    }

    /** The password of {@link #user()}, random at each start of a server of ours. */
    public String password() {
        return password;
    }

    /** Whether it is a server that was already running, which can be neither killed nor restarted. */
    public boolean external() {
        return server == null;
    }

    /**
     * Runs one statement and returns what the server answered, in the format that the statement asks for.
     *
     * @throws IllegalStateException with the server's message when it refuses the statement
     * @throws UncheckedIOException when the server does not answer
     */
    public String query(String sql) {
        return query(sql, QUERY_TIMEOUT);
    }

    private String query(String sql, Duration timeout) {
        HttpResponse<String> response = post(
                HttpRequest.newBuilder(url).header("X-ClickHouse-User", user).header("X-ClickHouse-Key", password),
                sql,
                timeout);
        if (response.statusCode() != 200) {
            throw new IllegalStateException("ClickHouse answered " + response.statusCode() + ": "
                    + response.body().strip());
        }
        return response.body();
    }

    /** Creates a database if there is none of this name; its engine is the one that survives a restart, Atomic. */
    public void createDatabase(String name) {
        query("CREATE DATABASE IF NOT EXISTS `" + name.replace("\\", "\\\\").replace("`", "\\`") + "` ENGINE = Atomic");
    }

    /** SIGKILLs the server. */
    public synchronized void kill() {
        own("killed").running("kill").kill();
    }

    /** SIGSTOPs the server: connections stay open and nothing answers. */
    public synchronized void pause() {
        own("paused").running("pause").pause();
    }

    /** SIGCONTs the server. */
    public synchronized void resume() {
        own("resumed").running("resume").resume();
    }

    /**
     * Stops the server in good order if it runs, and starts it again on its port and data.
     *
     * <p>The stop takes 5 s while a client keeps a connection open; {@link #kill()} before it makes it quick.
     */
    public synchronized void restart() {
        Server own = own("restarted");
        own.stop();
        own.launch();
        awaitLogin(own);
    }

    /** Ends a server of ours and removes its data; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (server != null) {
            server.close();
        }
    }

    private Server own(String what) {
        if (server == null) {
            throw new UnsupportedOperationException("the ClickHouse at " + url + " cannot be " + what
                    + ": it was already running (" + EngineLocator.URL + ")");
        }
        if (closed) {
            throw new IllegalStateException("this EmbeddedClickHouse is closed");
        }
        return server;
    }

    static EmbeddedClickHouse start(ClickHouseEngine.Startable engine, LoopbackPorts ports) {
        String password = randomPassword();
        int port = ports.hold();
        Server server = new Server(engine, DataDirectory.create("clickhouse"), port, password);
        EmbeddedClickHouse started = new EmbeddedClickHouse(
                URI.create("http://" + LoopbackPorts.HOST + ":" + port), ClickHouseConfig.USER, password, server);
        try {
            server.launch();
            started.awaitLogin(server);
            return started;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** The password is random, so who answers to it is our server and no other on a port of the same number. */
    private void awaitLogin(Server own) {
        IOException[] last = {new IOException("not asked yet")};
        boolean answered = Deadline.in(Await.LIMIT).await(() -> {
            own.requireStarting();
            try {
                return query("SELECT 1", LOGIN_TIMEOUT).startsWith("1");
            } catch (UncheckedIOException e) {
                last[0] = e.getCause();
                return false;
            }
        });
        if (!answered) {
            throw new IllegalStateException("ClickHouse did not answer within " + Await.LIMIT.toSeconds() + " s: "
                    + last[0] + "; its log: " + own.logTail());
        }
    }

    private HttpResponse<String> post(HttpRequest.Builder request, String sql, Duration timeout) {
        try {
            return http.send(
                    request.timeout(timeout)
                            .POST(HttpRequest.BodyPublishers.ofString(sql))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("ClickHouse at " + url + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for ClickHouse", e);
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The child process with its directory and port. */
    private static final class Server {
        private final ClickHouseEngine.Startable engine;
        private final Path directory;
        private final int port;
        private final String password;
        private @Nullable ChildProcess process;

        Server(ClickHouseEngine.Startable engine, Path directory, int port, String password) {
            this.engine = engine;
            this.directory = directory;
            this.port = port;
            this.password = password;
        }

        void launch() {
            process = engine.start(directory, port, password);
        }

        ChildProcess running(String action) {
            if (process == null) {
                throw new IllegalStateException("cannot " + action + " ClickHouse: it is not running");
            }
            process.requireAlive(action);
            return process;
        }

        void requireStarting() {
            if (process != null && !process.alive()) {
                throw new IllegalStateException("ClickHouse ended while starting: " + process.logTail());
            }
        }

        String logTail() {
            return process == null ? "" : process.logTail();
        }

        void stop() {
            if (process != null) {
                process.stop();
            }
        }

        void close() {
            if (process != null) {
                process.kill();
            }
            DataDirectory.delete(directory);
        }
    }
}
