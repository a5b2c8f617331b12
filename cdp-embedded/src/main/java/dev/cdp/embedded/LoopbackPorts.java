package dev.cdp.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Free ports on 127.0.0.1, taken from below the range of which the system serves outgoing connections.
 *
 * <p>A port that the system may give away is no port to restart on: while its server is down, a client that reconnects
 * to it can be given that very port as its own and end up connected to itself.
 */
final class LoopbackPorts {
    static final String HOST = "127.0.0.1";

    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private LoopbackPorts() {}

    static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static int free() {
        for (int i = 0; i < 1000; i++) {
            int port = FIRST + RANDOM.nextInt(LAST - FIRST);
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(address(), port));
                return port;
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        throw new IllegalStateException("no free port on " + HOST + " between " + FIRST + " and " + LAST);
    }
}
