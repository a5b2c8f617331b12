package dev.cdp.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;

/** A consumer in a process of its own, which writes its effects to a file and ends at a {@link CrashPoints.Point}. */
final class CrashMain {

    /** After so many effects it closes in good order, if it has not ended before. */
    private static final int ENOUGH = 30;

    private CrashMain() {}

    /** {@code servers topic group protocol ordering point nth file instance retries}. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.announceReady();
        CrashPoints points = new CrashPoints(CrashPoints.Point.valueOf(arguments[5]), Integer.parseInt(arguments[6]));
        ExecutorService threads = Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        try (FileChannel effects =
                FileChannel.open(Path.of(arguments[7]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            consume(arguments, points, threads, effects);
        }
    }

    private static void consume(String[] arguments, CrashPoints points, ExecutorService threads, FileChannel effects)
            throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(ENOUGH);
        try (ResilientConsumer consumer = builder(
                        new ConsumerBuilder(Topics.catalog(arguments[1], "enforce"), points.clients()),
                        Map.of("bootstrap.servers", arguments[0]),
                        arguments[1],
                        arguments[2],
                        arguments[3],
                        arguments[8],
                        Ordering.valueOf(arguments[4]),
                        Retries.valueOf(arguments[9]),
                        delivery -> {
                            points.pass(CrashPoints.Point.BEFORE_EFFECT);
                            write(effects, delivery);
                            points.pass(CrashPoints.Point.EFFECT);
                            enough.countDown();
                        })
                .executor(points.around(threads))
                .listener(points.listener())
                .build()) {
            consumer.start();
            enough.await();
        }
    }

    /** Where records wait for their next attempt. */
    enum Retries {
        IN_THEIR_LANE,
        IN_A_TOPIC
    }

    /** What a handler does, once it does not fail. */
    interface Effect {
        void on(Delivery delivery);
    }

    /** The consumer that crashes, and the one after it. One record of seven fails at first. */
    static ConsumerBuilder builder(
            ConsumerBuilder builder,
            Map<String, Object> kafka,
            String topic,
            String group,
            String protocol,
            String instance,
            Ordering ordering,
            Retries retries,
            Effect effect) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put("group.protocol", protocol);
        if (protocol.equals("classic")) {
            properties.put("session.timeout.ms", 1_500);
            properties.put("heartbeat.interval.ms", 400);
        }
        if (!instance.isEmpty()) {
            properties.put("group.instance.id", instance);
        }
        properties.put("max.poll.records", 10);
        if (retries == Retries.IN_A_TOPIC) {
            builder.retryTopics().deadLetterTopics(DeadLetterTopics.CREATE);
        }
        Set<Integer> failed = ConcurrentHashMap.newKeySet();
        return builder.kafka(properties)
                .connectTimeout(Await.LIMIT)
                .group(group)
                .topics(topic)
                .ordering(ordering)
                .commitInterval(Duration.ofMillis(20))
                .retry(RetryPolicy.exponential(3, Duration.ofMillis(30)))
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    int ordinal = event.payload().ordinal();
                    if (failsAtFirst(ordinal) && failed.add(ordinal)) {
                        throw new IllegalStateException("at first");
                    }
                    effect.on(delivery);
                });
    }

    static boolean failsAtFirst(long ordinal) {
        return ordinal % 7 == 3;
    }

    private static void write(FileChannel effects, Delivery delivery) {
        try {
            effects.write(ByteBuffer.wrap(
                    (delivery.partition() + " " + delivery.offset() + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
