package dev.cdp.consumer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import dev.cdp.consumer.CrashPoints.Point;
import dev.cdp.core.sink.BatchId;

/** A consumer with a sink in a process of its own, which ends, or is stopped like a zombie, at a {@link Point}. */
final class SinkCrashMain {

    /** After so many batches it closes in good order, if it was to end and has not. */
    private static final int ENOUGH = 10;

    /** What happens at the point. */
    enum Mishap {
        DIES,
        /** All its threads stand still until somebody sends SIGCONT. */
        STANDS_STILL
    }

    private SinkCrashMain() {}

    /** {@code servers topic group protocol mishap point nth folder}. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.awaitBroker(arguments[0]);
        Mishap mishap = Mishap.valueOf(arguments[4]);
        Point point = Point.valueOf(arguments[5]);
        int nth = Integer.parseInt(arguments[6]);
        CrashPoints points = mishap == Mishap.DIES
                ? new CrashPoints(point, nth)
                : new CrashPoints(point, nth, SinkCrashMain::standStill);
        int enough = mishap == Mishap.DIES ? ENOUGH : Integer.MAX_VALUE;
        for (boolean ended = false; !ended; ) {
            ended = consume(arguments, points, enough);
        }
    }

    /** False where no broker answers, which a busy machine may need time for. */
    private static boolean consume(String[] arguments, CrashPoints points, int batches) throws InterruptedException {
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
            return true;
        } catch (ConsumerStartException e) {
            if (e.retryable()) {
                return false;
            }
            throw e;
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
                .group(group)
                .topics(topic)
                .commitInterval(Duration.ofMillis(20))
                .batches(new BatchLimits(5, 1 << 20, Duration.ofMillis(20)));
    }

    private static void standStill() {
        try {
            new ProcessBuilder(
                            "kill",
                            "-STOP",
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
