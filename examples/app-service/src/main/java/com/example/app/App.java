package com.example.app;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.CloseReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A small service that publishes events: {@code App HOST:PORT-OF-KAFKA HTTP-PORT}. */
public final class App implements AutoCloseable {

    private final CdpProducer producer;
    private final EventServer server;

    App(Map<String, Object> kafka, int port) throws IOException {
        PublishHealth health = new PublishHealth();
        producer = CdpProducer.builder(Catalog.fromClasspath("cdp/cdp.yaml"))
                .kafka(kafka)
                .listener(health)
                .connect();
        server = new EventServer(port, Events.of(producer), health);
        server.start();
    }

    /** Runs until the process is told to end. */
    public static void main(String[] args) throws IOException {
        App app = new App(Map.of("bootstrap.servers", args[0]), Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(app::close));
        System.out.println("listening on 127.0.0.1:" + app.port());
    }

    int port() {
        return server.port();
    }

    /** Takes no more events, waits for those on their way, answers their requests, and ends. */
    @Override
    public void close() {
        server.stopping();
        CloseReport report = producer.close(Duration.ofSeconds(10));
        server.close();
        System.out.println("closed: " + report);
    }
}
