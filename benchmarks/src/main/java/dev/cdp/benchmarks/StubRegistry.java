package dev.cdp.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpServer;

/** A registry on 127.0.0.1 that has one schema, under every name: what Apicurio's client asks of its v2 API. */
final class StubRegistry {

    private final HttpServer server;

    private StubRegistry(HttpServer server) {
        this.server = server;
    }

    static StubRegistry start(String schema) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] answer =
                        answer(exchange.getRequestURI().getPath(), schema).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            return new StubRegistry(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(String path, String schema) {
        if (path.endsWith("/meta")) {
            return """
                {"id": "%s", "type": "JSON", "version": "1", "globalId": 1, "contentId": 1}""".formatted(PublishPeer.TOPIC);
        }
        return path.endsWith("/references") ? "[]" : schema;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/apis/registry/v2";
    }
}
