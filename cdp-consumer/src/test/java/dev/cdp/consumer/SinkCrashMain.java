package dev.cdp.consumer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.consumer.CrashPoints.Point;
import dev.cdp.core.sink.BatchId;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;

/** A consumer with a sink in a process of its own, which ends, or is stopped like a zombie, at a {@link Point}. */
final class SinkCrashMain {

    /** After so many batches it closes in good order, if it was to end and has not. */
    private static final int ENOUGH = 10;

    /** What happens at the point. */
    enum Mishap {
        DIES,
        /** Its parent pauses it there, and lets it go on by the file {@link #GO}. */
        STANDS_STILL
    }

    /** What it prints at the point where it is to be paused. */
    static final String STANDS_STILL = "stands still";

    /** The file in the store's folder without which it does not go on. */
    static final String GO = "go";

    private SinkCrashMain() {}

    /** {@code servers topic group protocol mishap point nth folder}. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.announceReady();
        Mishap mishap = Mishap.valueOf(arguments[4]);
        Point point = Point.valueOf(arguments[5]);
        int nth = Integer.parseInt(arguments[6]);
        CrashPoints points = mishap == Mishap.DIES
                ? new CrashPoints(point, nth)
                : new CrashPoints(point, nth, () -> standStill(Path.of(arguments[7])));
        int enough = mishap == Mishap.DIES ? ENOUGH : Integer.MAX_VALUE;
        consume(arguments, points, enough);
    }

    private static void consume(String[] arguments, CrashPoints points, int batches) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(batches);
        try (ResilientConsumer consumer = builder(
                        new ConsumerBuilder(Topics.catalog(arguments[1], "enforce"), points.clients()),
                        Map.of("bootstrap.servers", arguments[0]),
                        arguments[1],
                        arguments[2],
                        arguments[3])
                .sink(new FileSink(Path.of(arguments[7]), points))
                .executor(points.around(Executors.newFixedThreadPool(4, task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    return thread;
                })))
                .listener(points.listener())
                .listener(new ConsumerListener() {
                    @Override
                    public void batchStored(BatchId batch, int rows) {
                        enough.countDown();
                    }
                })
                .build()) {
            consumer.start();
            enough.await();
        }
    }

    /** The consumer that crashes, and the one after it. */
    static ConsumerBuilder builder(
            ConsumerBuilder builder, Map<String, Object> kafka, String topic, String group, String protocol) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put("group.protocol", protocol);
        if (protocol.equals("classic")) {
            properties.put("session.timeout.ms", 1_500);
            properties.put("heartbeat.interval.ms", 400);
        }
        properties.put("max.poll.records", 10);
        return builder.kafka(properties)
                .connectTimeout(Await.LIMIT)
                .group(group)
                .topics(topic)
                .commitInterval(Duration.ofMillis(20))
                .batches(new BatchLimits(5, 1 << 20, Duration.ofMillis(20)));
    }

    @SuppressWarnings("SystemOut") // its parent reads it
    private static void standStill(Path store) {
        System.out.println(STANDS_STILL);
        while (Files.notExists(store.resolve(GO))) {
            LockSupport.parkNanos(1_000_000L);
        }
    }
}
