package dev.cdp.embedded;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TcpProxyTest {
    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void startEcho() throws IOException {
        echo = new ServerSocket(0, 50, LoopbackPorts.address());
        Thread thread = new Thread(this::serve, "echo");
        thread.setDaemon(true);
        thread.start();
        proxy = TcpProxy.to(LoopbackPorts.HOST, echo.getLocalPort());
    }

    @AfterEach
    void stopEcho() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(exchange(client, "hello")).isEqualTo("hello");
        }
    }

    @Test
    void latencyHoldsEachWay() throws IOException {
        proxy.latency(Duration.ofMillis(50));
        try (Socket client = connect()) {
            long start = System.nanoTime();
            assertThat(exchange(client, "hello")).isEqualTo("hello");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void refusesNewConnectionsAndKeepsTheOpenOnesUntilHealed() throws IOException {
        try (Socket open = connect()) {
            assertThat(exchange(open, "one")).isEqualTo("one");
            proxy.refuseConnections();

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(exchange(open, "two")).isEqualTo("two");

            proxy.heal();
            try (Socket client = connect()) {
                assertThat(exchange(client, "three")).isEqualTo("three");
            }
        }
    }

    @Test
    void resetsWhatIsOpenAndServesWhatIsNew() throws IOException {
        try (Socket open = connect()) {
            assertThat(exchange(open, "one")).isEqualTo("one");
            proxy.resetConnections();

            assertThatThrownBy(() -> open.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            try (Socket client = connect()) {
                assertThat(exchange(client, "two")).isEqualTo("two");
            }
        }
    }

    @Test
    void aBlackHoleAcceptsAndHoldsUntilHealed() throws IOException {
        proxy.blackHole();
        try (Socket client = connect()) {
            client.setSoTimeout(200);
            client.getOutputStream().write("late".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();
            client.setSoTimeout((int) Await.LIMIT.toMillis());

            assertThat(new String(client.getInputStream().readNBytes(4), StandardCharsets.UTF_8))
                    .isEqualTo("late");
        }
    }

    @Test
    void dropsResponsesAndResetsTheLossyConnectionWhenHealed() throws IOException {
        try (Socket client = connect()) {
            assertThat(exchange(client, "one")).isEqualTo("one");
            proxy.dropResponses();
            client.setSoTimeout(200);
            client.getOutputStream().write("lost".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();

            client.setSoTimeout((int) Await.LIMIT.toMillis());
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void cutsTheResponseAfterExactlySoManyBytes() throws IOException {
        proxy.cutResponsesAfter(3);
        try (Socket client = connect()) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));

            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hel");
        }
    }

    @Test
    void aTargetThatIsNotThereResetsTheClient() throws IOException {
        // Not the echo server closed: its kernel socket takes connections until the thread in accept has left.
        try (TcpProxy toNobody = TcpProxy.to(LoopbackPorts.HOST, new LoopbackPorts().hold());
                Socket client = connect(toNobody)) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private Socket connect() throws IOException {
        return connect(proxy);
    }

    private static Socket connect(TcpProxy proxy) throws IOException {
        Socket client = new Socket(LoopbackPorts.address(), proxy.port());
        client.setSoTimeout((int) Await.LIMIT.toMillis());
        return client;
    }

    private static String exchange(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return new String(client.getInputStream().readNBytes(text.length()), StandardCharsets.UTF_8);
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread thread = new Thread(() -> echo(client), "echo-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // Closed at the test's end.
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            byte[] buffer = new byte[1024];
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer)) {
                client.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            // The fault that the test asked for.
        }
    }
}
