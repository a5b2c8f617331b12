package com.example.ingestion;

import dev.cdp.consumer.CloseReport;
import dev.cdp.consumer.Ordering;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.consumer.RetryPolicy;
import dev.cdp.core.catalog.Catalog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Reads orders from Kafka and keeps them, until it is told to end. */
public final class Worker implements AutoCloseable {

    private final ResilientConsumer consumer;
    private final HealthServer health;

    Worker(Map<String, Object> kafka, Orders orders, InetSocketAddress healthAddress) throws IOException {
        this.consumer = ResilientConsumer.builder(Catalog.fromClasspath("cdp/cdp.yaml"))
                .kafka(kafka)
                .group("order-keeper")
                .topics("cdp.orders")
                .ordering(Ordering.KEY) // a customer's orders stay in order; others do not wait for them
                .retry(RetryPolicy.exponential(5, Duration.ofMillis(200)))
                .handle(OrderPlaced.class, new OrderHandler(orders, Clock.systemUTC()))
                .build();
        this.health = new HealthServer(healthAddress, consumer::health);
    }

    /** Runs with KAFKA_BOOTSTRAP and HEALTH_PORT of the environment; ends in good order on SIGTERM. */
    public static void main(String[] args) throws IOException {
        String bootstrap = Objects.requireNonNullElse(System.getenv("KAFKA_BOOTSTRAP"), "localhost:9092");
        int port = Integer.parseInt(Objects.requireNonNullElse(System.getenv("HEALTH_PORT"), "8080"));
        Map<String, OrderPlaced> kept = new ConcurrentHashMap<>(); // a database in its place
        Worker worker = new Worker(Map.of("bootstrap.servers", bootstrap), kept::put, new InetSocketAddress(port));
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
        worker.run();
    }

    /** Blocks until {@link #close}; throws if the consumer stops by itself. */
    void run() {
        consumer.run();
    }

    void start() {
        consumer.start();
    }

    int healthPort() {
        return health.port();
    }

    /** Finishes what is in work and commits it, within a minute: below the orchestrator's grace period. */
    CloseReport end() {
        return consumer.close(Duration.ofMinutes(1));
    }

    @Override
    public void close() {
        CloseReport unused = end();
        health.close();
    }
}
