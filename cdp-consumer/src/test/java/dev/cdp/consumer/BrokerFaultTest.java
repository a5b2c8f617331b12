package dev.cdp.consumer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Brokers that die, stop, come back and hand over, and a network that is gone: nothing is lost, and every partition goes
 * on when the fault is over. Each fault lasts 1 s by default and 60 s at the full size; {@code -Dcdp.fault.seconds=}
 * sets another time.
 */
@Tag("campaign")
class BrokerFaultTest {

    private static final Duration FAULT = Duration.ofSeconds(
            Integer.getInteger("cdp.fault.seconds", Boolean.getBoolean("cdp.campaigns.full") ? 60 : 1));
    private static final boolean LONG = FAULT.toSeconds() > 1;
    private static final int PARTITIONS = 3;
    private static final int POISON = 50;

    private final Set<Integer> handled = ConcurrentHashMap.newKeySet();
    private final Queue<String> order = new ConcurrentLinkedQueue<>();
    private final AtomicInteger published = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @Test
    void leadersAndCoordinatorsMayDieStopAndComeBack() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .brokers(3)
                        .childProcess()
                        .property("group.min.session.timeout.ms", "500")
                        .start();
                Topics topics = new Topics(kafka, PARTITIONS).withDeadLetters();
                ResilientConsumer consumer = consumer(topics, "classic")) {
            consumer.start();
            Thread publisher = publishing(topics);
            progress("at first", topics);
            kafka.kill(0);
            progress("with two brokers", topics);
            kafka.restart(0);
            kafka.kill(1);
            progress("with another two", topics);
            kafka.restart(1);
            kafka.pause(2);
            LockSupport.parkNanos(FAULT.toNanos());
            kafka.resume(2);
            if (LONG) {
                kafka.restart(2);
            }
            progress("with all three", topics);
            end(topics, consumer, publisher);
        }
    }

    /** Half-open for longer than the session: whoever comes back finds its partitions gone and joins again. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aNetworkThatIsGoneAndComesBack(String protocol) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .proxied()
                        .property("group.min.session.timeout.ms", "500")
                        .property("group.consumer.min.session.timeout.ms", "500")
                        .property("group.consumer.session.timeout.ms", "1500")
                        .property("group.consumer.min.heartbeat.interval.ms", "100")
                        .property("group.consumer.heartbeat.interval.ms", "400")
                        .start();
                Topics topics = new Topics(
                                kafka, PARTITIONS, Map.of("bootstrap.servers", kafka.directBootstrapServers()))
                        .withDeadLetters();
                ResilientConsumer consumer = consumer(topics, protocol)) {
            consumer.start();
            Thread publisher = publishing(topics);
            progress("at first", topics);
            for (Runnable fault : List.<Runnable>of(
                    kafka.proxy()::blackHole,
                    kafka.proxy()::dropResponses,
                    () -> {
                        kafka.proxy().refuseConnections();
                        kafka.proxy().resetConnections();
                    },
                    () -> kafka.proxy().cutResponsesAfter(5_000))) {
                fault.run();
                LockSupport.parkNanos(FAULT.toNanos());
                kafka.proxy().heal();
                progress("when the network is back", topics);
            }
            end(topics, consumer, publisher);
        }
    }

    private ResilientConsumer consumer(Topics topics, String protocol) {
        Map<String, Object> properties = topics.properties(protocol);
        if (protocol.equals("classic")) {
            properties.put("session.timeout.ms", 1_500);
            properties.put("heartbeat.interval.ms", 400);
        }
        properties.put("request.timeout.ms", 2_000);
        properties.put("default.api.timeout.ms", 4_000);
        return topics.consumer()
                .kafka(properties)
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (handled.add(event.payload().ordinal())) {
                        order.add(delivery.partition() + " " + delivery.offset());
                    }
                })
                .build();
    }

    /** Publishes a record each 5 ms until it is enough, one of fifty poison; a fault only holds them up. */
    private Thread publishing(Topics topics) {
        Thread publisher = new Thread(() -> {
            while (!enough.get()) {
                int next = published.getAndIncrement();
                if (next % POISON == 7) {
                    topics.send(next % PARTITIONS, "k", "page_viewed", "{}");
                } else {
                    topics.publish(next % PARTITIONS, next);
                }
                LockSupport.parkNanos(5_000_000L);
            }
            topics.producer.flush();
        });
        publisher.start();
        return publisher;
    }

    /** Waits until a commit of every partition passes what was published by now. */
    private void progress(String when, Topics topics) {
        long target = published.get() / PARTITIONS;
        Await.until(
                "committed offsets advance to " + target + " on every partition " + when,
                () -> IntStream.range(0, PARTITIONS).allMatch(partition -> {
                    var committed = topics.committed().get(new TopicPartition(topics.topic, partition));
                    return committed != null && committed.offset() >= target;
                }));
    }

    private void end(Topics topics, ResilientConsumer consumer, Thread publisher) throws InterruptedException {
        enough.set(true);
        publisher.join();
        topics.awaitLagZero();
        assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
        assertThat(consumer.close(Await.LIMIT).drained()).isTrue();
        int all = published.get();
        assertThat(handled)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, all)
                        .filter(i -> i % POISON != 7)
                        .boxed()
                        .toList());
        assertThat(topics.read(topics.deadLetters()).stream()
                        .map(letter -> HandlerTest.header(letter, dev.cdp.core.event.DeadLetterHeaders.OFFSET))
                        .distinct()
                        .count())
                .isEqualTo(IntStream.range(0, all).filter(i -> i % POISON == 7).count());
        Map<String, Long> highest = new HashMap<>();
        for (String one : order) {
            String[] place = one.split(" ", 2);
            long offset = Long.parseLong(place[1]);
            assertThat(offset)
                    .as("first delivery on partition %s", place[0])
                    .isGreaterThan(highest.getOrDefault(place[0], -1L));
            highest.put(place[0], offset);
        }
    }
}
