package dev.cdp.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports on 127.0.0.1 of one server that starts, each held until this JVM ends.
 *
 * <p>Held means that no other server of this library, in this JVM or another on this machine, is given the port, also
 * while its server is down: a byte of a file in {@code java.io.tmpdir} is locked, which the system undoes when the JVM
 * dies. It is not given back earlier, since clients of a closed server may still try to reach it there.
 *
 * <p>Ports are below the range of which the system serves outgoing connections. A port that the system may give away is
 * no port to restart on: while its server is down, a client that reconnects to it can be given that very port as its own
 * and end up connected to itself.
 */
class LoopbackPorts {
    static final String HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackPorts.class);
    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;
    private static final int START_ATTEMPTS = 5;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static @Nullable FileChannel locks;

    private final List<Integer> held = new ArrayList<>();

    static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a server, and starts it again on other ports where a program that holds none has taken one of its. */
    static <S> S start(Function<LoopbackPorts, S> start) {
        return start(LoopbackPorts::new, start);
    }

    static <S> S start(Supplier<LoopbackPorts> choice, Function<LoopbackPorts, S> start) {
        for (int attempt = 1; ; attempt++) {
            LoopbackPorts ports = choice.get();
            try {
                return start.apply(ports);
            } catch (RuntimeException e) {
                if (attempt == START_ATTEMPTS || !(ports.taken() || saysTaken(e))) {
                    throw e;
                }
                LOG.info("one of the ports {} was taken by another program, choosing others", ports.held);
            }
        }
    }

    /** A port that nothing listens on now. */
    int hold() {
        for (int i = 0; i < 10 * (LAST - FIRST); i++) {
            int port = FIRST + RANDOM.nextInt(LAST - FIRST);
            if (lock(port) && isFree(port)) {
                held.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no free port on " + HOST + " between " + FIRST + " and " + LAST);
    }

    /** Asked once the server has ended: however it has put its failure, that one of its ports is in use explains it. */
    private boolean taken() {
        return !held.stream().allMatch(LoopbackPorts::isFree);
    }

    /** Who took the port may be gone again. The message has the end of a child process's log in it. */
    private static boolean saysTaken(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.net.BindException
                    || String.valueOf(cause.getMessage()).contains("Address already in use")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** One file and one channel for all ports, never closed: closing any channel of a file would free all its locks. */
    private static synchronized boolean lock(int port) {
        String name = "cdp-ports-" + System.getProperty("user.name") + ".lock";
        Path file = Path.of(System.getProperty("java.io.tmpdir"), name);
        try {
            if (locks == null) {
                locks = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            }
            return locks.tryLock(port, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock a port in " + file + ": " + e.getMessage(), e);
        }
    }
}
