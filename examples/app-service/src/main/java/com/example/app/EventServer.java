package com.example.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cdp.core.CdpException;
import dev.cdp.producer.InvalidEventException;
import dev.cdp.producer.InvalidOptionException;
import dev.cdp.producer.PublishOptions;
import dev.cdp.producer.PublishUncertainException;
import dev.cdp.producer.Published;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP face: each request publishes one event and is answered when its outcome is known.
 *
 * <ul>
 *   <li>202, with the event's id: it is in the log
 *   <li>422, with every violation: the catalog does not allow it
 *   <li>503, with {@code Retry-After}: there is no room or no broker; nothing was written
 *   <li>504: it may be in the log. Send it again with the same {@code Idempotency-Key}, which becomes the event's id
 * </ul>
 */
final class EventServer implements AutoCloseable {

    private static final int MAX_BODY = 64 * 1024;

    private final HttpServer server;
    private final Events events;
    private final PublishHealth health;
    private final ExecutorService threads = Executors.newFixedThreadPool(16);
    private volatile boolean stopping;

    EventServer(int port, Events events, PublishHealth health) throws IOException {
        this.events = events;
        this.health = health;
        this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange request) throws IOException {
        String path = request.getRequestURI().getPath();
        try {
            if (path.equals("/health")) {
                String trouble = stopping ? "stopping" : health.trouble();
                answer(request, trouble.isEmpty() ? 200 : 503, trouble.isEmpty() ? "up" : trouble);
            } else if (!request.getRequestMethod().equals("POST")) {
                answer(request, 405, "expected POST");
            } else {
                publish(request, path);
            }
        } catch (InvalidOptionException e) {
            answer(request, 400, e.getMessage());
        } catch (CdpException e) {
            answer(request, status(e), e.getMessage());
        }
    }

    private void publish(HttpExchange request, String path) throws IOException {
        byte[] body = request.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            answer(request, 413, "expected at most " + MAX_BODY + " bytes");
            return;
        }
        CompletableFuture<Published> outcome = publish(path.split("/", -1), body, options(request));
        if (outcome == null) {
            answer(request, 404, "no such path; see examples/app-service");
        } else {
            // Futures complete on the producer's thread, which must not wait for slow clients.
            outcome.whenCompleteAsync((published, problem) -> answer(request, published, problem), threads);
        }
    }

    /** The paths, each an event. {@code tryPublish} never waits: a full buffer is the client's to wait for. */
    private CompletableFuture<Published> publish(String[] path, byte[] body, PublishOptions options) {
        Instant now = Instant.now();
        if (path.length == 2 && path[1].equals("views")) {
            return events.views().tryPublish(body, options);
        }
        if (path.length == 5 && path[1].equals("posts") && path[3].equals("likes")) {
            return events.likes().tryPublish(new PostLiked(path[4], path[2], now), options);
        }
        if (path.length == 4 && path[1].equals("accounts")) {
            return events.accounts().tryPublish(new AccountCreated(path[2], now, path[3]), options);
        }
        return null;
    }

    private static PublishOptions options(HttpExchange request) {
        PublishOptions.Builder options = PublishOptions.builder();
        String id = request.getRequestHeaders().getFirst("Idempotency-Key");
        String trace = request.getRequestHeaders().getFirst("traceparent");
        if (id != null) {
            options.id(id);
        }
        if (trace != null) {
            options.traceParent(trace);
        }
        return options.build();
    }

    private static void answer(HttpExchange request, Published published, Throwable problem) {
        try {
            if (problem == null) {
                answer(request, 202, published.eventId());
            } else {
                Throwable why = problem instanceof CompletionException ? problem.getCause() : problem;
                answer(request, status(why), why.getMessage());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // The client has gone.
        }
    }

    private static int status(Throwable why) {
        if (why instanceof InvalidEventException) {
            return 422;
        }
        if (why instanceof PublishUncertainException) {
            return 504;
        }
        return 503;
    }

    private static void answer(HttpExchange request, int status, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (status == 503) {
            request.getResponseHeaders().set("Retry-After", "1");
        }
        request.sendResponseHeaders(status, bytes.length);
        request.getResponseBody().write(bytes);
        request.close();
    }

    /** From here on {@code /health} says so, and a load balancer takes its requests elsewhere. */
    void stopping() {
        stopping = true;
    }

    /** Answers what has an outcome; call it after the producer is closed, when everything has. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
    }
}
