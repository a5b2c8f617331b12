package com.example.quickstart;

import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.consumer.RetryPolicy;
import dev.cdp.core.catalog.Catalog;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Handles events until the process ends. */
public final class Consume {

    private Consume() {}

    /** Consumes from the broker at {@code args[0]}. */
    public static void main(String[] args) {
        try (ResilientConsumer consumer = consumer(Map.of("bootstrap.servers", args[0]), System.out::println)) {
            consumer.run(); // blocks until close() from elsewhere; start() returns at once
        }
    }

    static ResilientConsumer consumer(Map<String, Object> kafka, Consumer<PostViewed> work) {
        // README: consume
        Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");
        return ResilientConsumer.builder(catalog)
                .kafka(kafka)
                .group("feed-worker")
                .topics("cdp.feed")
                .handle(PostViewed.class, (event, delivery) -> work.accept(event.payload()))
                .retry(RetryPolicy.exponential(5, Duration.ofMillis(200)))
                .build(); // run() blocks until close() from elsewhere; start() returns at once
        // README: end
    }
}
