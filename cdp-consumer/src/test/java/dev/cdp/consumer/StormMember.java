package dev.cdp.consumer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;

/**
 * A consumer of {@link StormTest} that can leave in good order or die: in a process of its own by SIGKILL, in this one by
 * a Kafka client from which nothing reaches the broker any more. Each delivery is a line of its file, written before the
 * handler returns: {@code partition offset nanoseconds}, by a clock that all processes of a machine share.
 */
abstract class StormMember {

    private static final long SLOW_NANOS = 3_000_000L;
    /** The exit code after SIGTERM, once its consumer is closed. */
    private static final int TERMINATED = 143;

    private final Path file;
    private volatile boolean killed;

    private StormMember(Path file) {
        this.file = file;
    }

    /** What a member joins. */
    record Group(Catalog catalog, String servers, String topic, String group, String protocol) {}

    /** A delivery, in the order of its fields by the time at which its handler began. */
    record Delivered(long nanos, int partition, long offset) {}

    static StormMember here(Group group, Path file) throws IOException {
        FileChannel effects = channel(file);
        FaultyClient client = new FaultyClient();
        ResilientConsumer consumer = consumer(new ConsumerBuilder(group.catalog, client::connect), group, effects);
        consumer.start();
        return new StormMember(file) {
            @Override
            void end(boolean kill) {
                if (kill) {
                    client.crash();
                }
                consumer.close(Await.LIMIT);
            }
        };
    }

    static StormMember child(Group group, Path file) throws IOException {
        ChildJvm child = ChildJvm.of(StormMember.class)
                .start(group.servers, group.topic, group.group, group.protocol, file.toString());
        return new StormMember(file) {
            @Override
            void end(boolean kill) {
                try (child) {
                    if (!kill) {
                        child.awaitReady().terminate();
                        child.awaitExit(TERMINATED);
                    }
                }
            }
        };
    }

    /** {@code servers topic group protocol file}. */
    public static void main(String[] arguments) throws Exception {
        Catalog catalog = Topics.catalog(arguments[1], "enforce");
        Group group = new Group(catalog, arguments[0], arguments[1], arguments[2], arguments[3]);
        try (FileChannel effects = channel(Path.of(arguments[4]));
                ResilientConsumer consumer = consumer(ResilientConsumer.builder(catalog), group, effects)) {
            Runtime.getRuntime().addShutdownHook(new Thread(consumer::close));
            consumer.start();
            ChildJvm.announceReady();
            new CountDownLatch(1).await(); // until its parent tells it to leave, or is gone
        }
    }

    private static ResilientConsumer consumer(ConsumerBuilder builder, Group group, FileChannel effects) {
        Map<String, Object> kafka = new HashMap<>(Map.of("bootstrap.servers", group.servers));
        kafka.put("group.protocol", group.protocol);
        if (group.protocol.equals("classic")) {
            kafka.put("session.timeout.ms", 3_000);
            kafka.put("heartbeat.interval.ms", 500);
        }
        return builder.kafka(kafka)
                .connectTimeout(Await.LIMIT)
                .group(group.group)
                .topics(group.topic)
                .ordering(Ordering.KEY)
                .commitInterval(Duration.ofMillis(200))
                .noDeadLetterLimit()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    long now = System.nanoTime();
                    if (delivery.offset() % 97 == 0) {
                        LockSupport.parkNanos(SLOW_NANOS);
                    }
                    String line = delivery.partition() + " " + delivery.offset() + " " + now + "\n";
                    effects.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
                })
                .build();
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Leaves in good order. */
    final void leave() {
        end(false);
    }

    /** Dies. */
    final void kill() {
        killed = true;
        end(true);
    }

    /** Whether it died. */
    final boolean killed() {
        return killed;
    }

    abstract void end(boolean kill);

    final List<Delivered> delivered() throws IOException {
        List<Delivered> delivered = new ArrayList<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            String[] parts = line.split(" ", 3);
            delivered.add(
                    new Delivered(Long.parseLong(parts[2]), Integer.parseInt(parts[0]), Long.parseLong(parts[1])));
        }
        return delivered;
    }
}
