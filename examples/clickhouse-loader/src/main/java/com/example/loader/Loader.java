package com.example.loader;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.ConsumerHealth;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Loads the shop's events from Kafka into ClickHouse, each once, until it is told to end.
 *
 * <p>Run as many as there are partitions; they share the work. Each may be killed at any moment.
 */
public final class Loader implements AutoCloseable {

    private final ClickHouseSink sink;
    private final ResilientConsumer consumer;

    Loader(Map<String, Object> kafka, URI clickHouse, String user, Supplier<String> password) {
        Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");
        sink = ClickHouseSink.builder(catalog)
                .url(clickHouse)
                .credentials(user, password)
                .build();
        consumer = ResilientConsumer.builder(catalog)
                .kafka(kafka)
                .group("shop-loader")
                .topics("shop.orders")
                .sink(sink)
                .build();
    }

    /** Reads KAFKA, CLICKHOUSE_URL, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD_FILE and HEALTH_PORT from the environment. */
    public static void main(String[] args) throws IOException {
        Path secret = Path.of(env("CLICKHOUSE_PASSWORD_FILE"));
        try (Loader loader = new Loader(
                        Map.of("bootstrap.servers", env("KAFKA")),
                        URI.create(env("CLICKHOUSE_URL")),
                        env("CLICKHOUSE_USER"),
                        () -> read(secret));
                HealthEndpoint health = HealthEndpoint.start(Integer.parseInt(env("HEALTH_PORT")), loader::health)) {
            // SIGTERM: finish what is in flight, commit, leave the group; then run() returns.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> loader.consumer.close(Duration.ofSeconds(20))));
            loader.run();
        }
    }

    /** Creates and evolves the tables, then loads until {@link #close()}; throws why it stopped if it stopped by itself. */
    void run() {
        sink.migrate();
        consumer.run();
    }

    ConsumerHealth health() {
        return consumer.health();
    }

    @Override
    public void close() {
        consumer.close();
        sink.close();
    }

    private static String env(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalArgumentException("the environment variable " + name + " is missing");
        }
        return value;
    }

    /** At each request anew, so that a rotated password is taken. */
    private static String read(Path secret) {
        try {
            return Files.readString(secret).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the password file " + secret + " cannot be read", e);
        }
    }
}
