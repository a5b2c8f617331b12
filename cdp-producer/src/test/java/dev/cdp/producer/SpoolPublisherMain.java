package dev.cdp.producer;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for a number, then publishes as fast as it can until it is killed, and writes down every event that publish has
 * taken. It is started ahead of its round, as starting a JVM takes longer than the round.
 */
final class SpoolPublisherMain {

    /** Printed when the spool has no room for an event. */
    static final String FULL = "the spool is full";

    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(1);

    private SpoolPublisherMain() {}

    /** Arguments: bootstrap servers, the spool, the file to write to, and the one in which the first number comes. */
    public static void main(String[] args) throws IOException {
        var unused = Shop.CATALOG.events();
        Path begin = Path.of(args[3]);
        while (!taken(begin)) {
            LockSupport.parkNanos(POLL);
        }
        String first = Files.readString(taking(begin));
        CdpProducer producer = CdpProducer.builder(Shop.CATALOG)
                .kafka(Map.of("bootstrap.servers", args[0], "reconnect.backoff.max.ms", 200))
                .spool(Path.of(args[1]), 8 << 20, SpoolSync.every(Duration.ofMillis(50)))
                .maxBlock(Duration.ofMillis(500))
                .connectTimeout(Duration.ofMillis(300))
                .connect();
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        try (FileOutputStream accepted = new FileOutputStream(args[2], true)) {
            int number = Integer.parseInt(first);
            boolean full = false;
            while (true) {
                PublishOptions keyed =
                        PublishOptions.builder().key("k" + number % 5).build();
                CompletableFuture<Published> future = pages.publish(new Shop.PageSeen(Integer.toString(number)), keyed);
                // What failed, as the spool is full, was not written; so one number at most is taken and not written
                // down.
                if (!future.isCompletedExceptionally()) {
                    accepted.write((number + "\n").getBytes(StandardCharsets.UTF_8));
                    number++;
                } else if (!full) {
                    full = true;
                    System.out.println(FULL);
                }
            }
        }
    }

    /** Whether the number has come; taken away, so that the publisher of the next round waits for its own. */
    private static boolean taken(Path begin) throws IOException {
        if (!Files.exists(begin)) {
            return false;
        }
        Files.move(begin, taking(begin), StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private static Path taking(Path begin) {
        return begin.resolveSibling("begun");
    }
}
