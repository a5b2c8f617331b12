package com.example.ingestion;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cdp.consumer.ConsumerHealth;
import dev.cdp.consumer.ConsumerState;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells an orchestrator how the worker is. {@code /live} is 503 once it has stopped, and only a restart helps; an outage
 * of the database is none of that. {@code /ready} is 503 while it has no partitions or waits for something.
 */
final class HealthServer implements AutoCloseable {

    private static final Set<ConsumerState> ENDED = EnumSet.of(ConsumerState.CLOSED, ConsumerState.STOPPED);

    private final HttpServer server;
    private final Supplier<ConsumerHealth> health;

    HealthServer(InetSocketAddress address, Supplier<ConsumerHealth> health) throws IOException {
        this.health = health;
        this.server = HttpServer.create(address, 0);
        server.createContext("/live", exchange -> answer(exchange, !ENDED.contains(health.get().state())));
        server.createContext("/ready", exchange -> answer(exchange, ready(health.get())));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static boolean ready(ConsumerHealth now) {
        return now.state() == ConsumerState.RUNNING
                && !now.partitions().isEmpty()
                && now.outages().isEmpty();
    }

    private void answer(HttpExchange exchange, boolean good) throws IOException {
        ConsumerHealth now = health.get();
        long lag = now.partitions().stream().mapToLong(one -> one.lag().orElse(0)).sum();
        String text = "state " + now.state() + "\npartitions " + now.partitions().size() + "\nlag " + lag + "\n"
                + now.outages().stream().map(outage -> "waits for " + outage.what() + "\n").reduce("", String::concat)
                + now.cause().map(cause -> "stopped by " + cause.getClass().getName() + "\n").orElse("");
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(good ? 200 : 503, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
