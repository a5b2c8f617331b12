package dev.cdp.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy on 127.0.0.1 that passes bytes until it is told to misbehave.
 *
 * <p>Faults add up until {@link #heal()}. Any thread may call it.
 */
public final class TcpProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);
    private static final int CHUNK = 64 * 1024;
    private static final long NO_CUT = -1;

    private final InetSocketAddress target;
    private final int port;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();

    // Written under the gate's lock; pumps read them between two chunks.
    private volatile long latencyNanos;
    private volatile boolean blackHole;
    private volatile boolean dropResponses;
    private volatile long cutAfter = NO_CUT;
    private volatile boolean closed;
    private @Nullable ServerSocket listener;
    private Thread acceptor;

    private TcpProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
        this.port = listener.getLocalPort();
        this.acceptor = accept(listener);
    }

    /** Starts a proxy on a free port; the target is connected to when a client is, and need not be there yet. */
    public static TcpProxy to(String host, int port) {
        Objects.requireNonNull(host, "host");
        return new TcpProxy(new InetSocketAddress(host, port), LoopbackPorts.start(ports -> listen(ports.hold())));
    }

    /** The port on 127.0.0.1 that it listens on until it is closed. */
    public int port() {
        return port;
    }

    /** Holds each chunk of bytes for at least this long, in both directions. */
    public void latency(Duration latency) {
        if (latency.isNegative()) {
            throw new IllegalArgumentException("latency must not be negative, not " + latency);
        }
        latencyNanos = latency.toNanos();
    }

    /** Refuses new connections; those that are open stay. */
    public void refuseConnections() {
        synchronized (gate) {
            stopListening();
        }
    }

    /** Resets every connection that is open now (RST); new ones are served. */
    public void resetConnections() {
        connections.forEach(Connection::reset);
    }

    /**
     * Half-open: accepts, and forwards nothing either way.
     *
     * <p>What arrives is held, not lost: like a network that comes back, {@link #heal()} lets it through.
     */
    public void blackHole() {
        blackHole = true;
    }

    /** Lets requests pass and swallows the responses. */
    public void dropResponses() {
        dropResponses = true;
    }

    /** Ends each connection once this many bytes of response, counted from now, have gone through it. */
    public void cutResponsesAfter(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be 0 or more, not " + bytes);
        }
        synchronized (gate) {
            connections.forEach(connection -> connection.responded.set(0));
            cutAfter = bytes;
        }
    }

    /** Ends all faults; a connection that lost bytes to {@link #dropResponses()} is reset, since its stream has a hole. */
    public void heal() {
        synchronized (gate) {
            latencyNanos = 0;
            blackHole = false;
            dropResponses = false;
            cutAfter = NO_CUT;
            connections.stream().filter(connection -> connection.lossy).forEach(Connection::reset);
            if (listener == null && !closed) {
                listener = listen(port);
                acceptor = accept(listener);
            }
            gate.notifyAll();
        }
    }

    /** Resets all connections and stops listening; a second call does nothing. */
    @Override
    public void close() {
        synchronized (gate) {
            closed = true;
            stopListening();
            resetConnections();
            gate.notifyAll();
        }
    }

    /** The kernel's socket takes connections for as long as a thread still waits in accept, so that one is awaited. */
    private void stopListening() {
        closeQuietly(listener);
        listener = null;
        try {
            acceptor.join(Await.LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread accept(ServerSocket socket) {
        return daemon("cdp-proxy-" + port, () -> {
            while (!socket.isClosed()) {
                try {
                    Connection connection = new Connection(socket.accept());
                    connections.add(connection);
                    if (socket.isClosed()) {
                        connection.abort();
                    } else {
                        daemon("cdp-proxy-" + port + "-requests", connection::run);
                    }
                } catch (IOException e) {
                    // Closed while waiting; anything else shows at the client.
                }
            }
        });
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LoopbackPorts.address(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + LoopbackPorts.HOST + ":" + port, e);
        }
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void closeQuietly(@Nullable AutoCloseable closeable) {
        if (closeable != null) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.debug("closing {}", closeable, e);
            }
        }
    }

    /** A client's connection and the one to the target, each direction pumped by a thread. */
    private final class Connection {
        private final Socket client;
        private final Socket server = new Socket();
        private final AtomicLong responded = new AtomicLong();
        private volatile boolean lossy;

        private Connection(Socket client) {
            this.client = client;
        }

        private void run() {
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(target, (int) Await.LIMIT.toMillis());
            } catch (IOException e) {
                reset();
                return;
            }
            daemon("cdp-proxy-" + port + "-responses", () -> pump(server, client, true));
            pump(client, server, false);
        }

        private void pump(Socket from, Socket to, boolean responses) {
            byte[] chunk = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    delay();
                    awaitOpenGate();
                    if (!responses) {
                        out.write(chunk, 0, n);
                    } else if (dropResponses) {
                        lossy = true;
                    } else if (!respond(out, chunk, n)) {
                        end();
                        return;
                    }
                }
                awaitOpenGate();
                if (responses && lossy && dropResponses) {
                    return;
                }
                to.shutdownOutput();
                if (responses) {
                    end();
                }
            } catch (IOException e) {
                reset();
            }
        }

        /** Whether the connection goes on. */
        private boolean respond(OutputStream out, byte[] chunk, int n) throws IOException {
            long cut = cutAfter;
            if (cut == NO_CUT) {
                out.write(chunk, 0, n);
                return true;
            }
            int allowed = (int) Math.max(0, Math.min(n, cut - responded.get()));
            out.write(chunk, 0, allowed);
            return responded.addAndGet(allowed) < cut;
        }

        private void delay() {
            long until = System.nanoTime() + latencyNanos;
            for (long left = latencyNanos; left > 0 && !client.isClosed(); left = until - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        private void awaitOpenGate() throws IOException {
            synchronized (gate) {
                while (blackHole && !closed && !client.isClosed()) {
                    try {
                        gate.wait();
                    } catch (InterruptedException e) {
                        throw new IOException("interrupted", e);
                    }
                }
            }
        }

        /** An orderly end: what has been written arrives. */
        private void end() {
            connections.remove(this);
            closeQuietly(client);
            closeQuietly(server);
        }

        /** An RST to both sides: what has been written may not arrive. */
        private void reset() {
            abort();
            synchronized (gate) {
                gate.notifyAll();
            }
        }

        /** As {@link #reset()}, for a connection that no pump serves yet: whoever stops listening holds the gate. */
        private void abort() {
            connections.remove(this);
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (IOException e) {
                    // Closed already.
                }
                closeQuietly(socket);
            }
        }
    }
}
