package com.example.loader;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cdp.consumer.ConsumerHealth;
import dev.cdp.consumer.ConsumerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code GET /health}: 200 while the consumer runs, 503 otherwise, and a text for whoever is on call.
 *
 * <p>An outage of ClickHouse is 200: the loader waits and resumes alone, restarting it would not help.
 */
final class HealthEndpoint implements AutoCloseable {

    private final HttpServer server;

    private HealthEndpoint(HttpServer server) {
        this.server = server;
    }

    /** On 127.0.0.1; port 0 takes a free one. */
    static HealthEndpoint start(int port, Supplier<ConsumerHealth> health) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/health", exchange -> answer(exchange, health.get()));
        server.start();
        return new HealthEndpoint(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, ConsumerHealth health) throws IOException {
        byte[] text = text(health).getBytes(StandardCharsets.UTF_8);
        int status = health.state() == ConsumerState.RUNNING ? 200 : 503;
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        try (exchange) {
            exchange.sendResponseHeaders(status, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private static String text(ConsumerHealth health) {
        String cause = health.cause().map(why -> "\nstopped by " + why.getMessage()).orElse("");
        String outages = health.outages().stream()
                .map(outage -> "\nwaits for " + outage)
                .collect(Collectors.joining());
        String partitions = health.partitions().stream()
                .map(partition -> "\n" + partition)
                .collect(Collectors.joining());
        return health.state() + cause + outages + partitions + "\n";
    }
}
