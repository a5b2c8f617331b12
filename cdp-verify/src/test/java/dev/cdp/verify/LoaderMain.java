package dev.cdp.verify;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.DeadLetterTopics;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.ChildJvm;

/** A loader in a process of its own, which is killed. */
final class LoaderMain {

    /** The exit code of a loader that was told to end by SIGTERM, and closed. */
    static final int CLOSED = 143;

    private LoaderMain() {}

    /** {@code servers group topic catalog url user password}; closes in good order on SIGTERM. */
    public static void main(String[] arguments) throws Exception {
        Catalog catalog = Catalog.load(Path.of(arguments[3]));
        try (ClickHouseSink sink = ClickHouseSink.builder(catalog)
                        .url(URI.create(arguments[4]))
                        .credentials(arguments[5], () -> arguments[6])
                        .timeout(Duration.ofSeconds(10))
                        .build();
                ResilientConsumer loader = ResilientConsumer.builder(catalog)
                        .kafka(Map.of(
                                "bootstrap.servers",
                                arguments[0],
                                "session.timeout.ms",
                                "1500",
                                "heartbeat.interval.ms",
                                "400"))
                        .group(arguments[1])
                        .topics(arguments[2])
                        .sink(sink)
                        .batches(new BatchLimits(250, 1 << 20, Duration.ofMillis(40)))
                        .commitInterval(Duration.ofMillis(100))
                        .deadLetterTopics(DeadLetterTopics.CREATE)
                        .build()) {
            Runtime.getRuntime().addShutdownHook(new Thread(loader::close));
            loader.start();
            ChildJvm.announceReady();
            new CountDownLatch(1).await(); // until its parent tells it to end, or is gone
        }
    }
}
