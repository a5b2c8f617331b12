package dev.cdp.producer;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for a number, then publishes as fast as it can until it is killed, and writes down every event that publish has
 * taken. It is started ahead of its round, as starting a JVM takes longer than the round.
 */
final class SpoolPublisherMain {

    private SpoolPublisherMain() {}

    /** Arguments: bootstrap servers, the spool, the file to write to. The first number comes by standard input. */
    public static void main(String[] args) throws IOException {
        var unused = Shop.CATALOG.events();
        String first = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (first == null) {
            return;
        }
        CdpProducer producer = CdpProducer.builder(Shop.CATALOG)
                .kafka(Map.of("bootstrap.servers", args[0], "reconnect.backoff.max.ms", 200))
                .spool(Path.of(args[1]), 8 << 20, SpoolSync.every(Duration.ofMillis(50)))
                .connectTimeout(Duration.ofMillis(300))
                .connect();
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        try (FileOutputStream accepted = new FileOutputStream(args[2], true)) {
            int number = Integer.parseInt(first);
            while (true) {
                PublishOptions keyed =
                        PublishOptions.builder().key("k" + number % 5).build();
                CompletableFuture<Published> future = pages.publish(new Shop.PageSeen(Integer.toString(number)), keyed);
                // What failed, as the spool is full, was not written; so one number at most is taken and not written
                // down.
                if (!future.isCompletedExceptionally()) {
                    accepted.write((number + "\n").getBytes(StandardCharsets.UTF_8));
                    number++;
                }
            }
        }
    }
}
