package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
class OrderingTest {

    private static final int KEYS = 10;

    private Topics topics;

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            topics.send(0, "k" + i % KEYS, "page_viewed", "{\"page_id\":\"p\",\"ordinal\":" + i + "}");
        }
        topics.producer.flush();
    }

    private ConsumerBuilder consumer(FaultyClient client) {
        return new ConsumerBuilder(topics.catalog(), client::connect)
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .ordering(Ordering.KEY)
                .workers(8)
                .commitInterval(Duration.ofMillis(20));
    }

    @Test
    void aKeyThatIsHeldUpHoldsUpNoOtherAndACrashRepeatsOnlyWhatIsNotDone() throws Exception {
        publish(300);
        Queue<Integer> handled = new ConcurrentLinkedQueue<>();
        FaultyClient client = new FaultyClient();
        CountDownLatch never = new CountDownLatch(1);
        OffsetAndMetadata committed;
        try (ResilientConsumer consumer = consumer(client)
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (event.payload().ordinal() % KEYS == 3) {
                        never.await(); // until it is interrupted
                    }
                    handled.add(event.payload().ordinal());
                })
                .build()) {
            consumer.start();
            Await.untilAsserted(() -> assertThat(handled).as("all other keys").hasSize(270));
            Await.untilAsserted(() -> assertThat(SettledRunsOf.committed(topics))
                    .as("their commit")
                    .isEqualTo(270));
            committed = topics.committed(0);
            client.crash();
            Await.untilAsserted(
                    () -> assertThat(consumer.health().state()).as("stopped").isEqualTo(ConsumerState.STOPPED));
        }
        assertThat(committed.offset()).isEqualTo(3);
        Map<Integer, List<Integer>> byKey = new HashMap<>();
        handled.forEach(ordinal ->
                byKey.computeIfAbsent(ordinal % KEYS, any -> new ArrayList<>()).add(ordinal));
        assertThat(byKey.values()).allSatisfy(ordinals -> assertThat(ordinals).isSorted());

        Queue<Integer> again = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer successor = topics.consumer()
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> again.add(event.payload().ordinal()))
                .build()) {
            successor.start();
            topics.awaitLagZero();
        }
        assertThat(again).hasSize(30).allMatch(ordinal -> ordinal % KEYS == 3);
        assertThat(SettledRuns.parse(topics.committed(0).metadata()).runs()).isEmpty();
    }

    /** What commits say. */
    private static final class SettledRunsOf {

        private SettledRunsOf() {}

        /** How many records are committed as settled. */
        static long committed(Topics topics) {
            OffsetAndMetadata committed = topics.committed(0);
            if (committed == null) {
                return 0;
            }
            try {
                return committed.offset()
                        + (committed.metadata().isEmpty()
                                ? 0
                                : SettledRuns.parse(committed.metadata()).runs().entrySet().stream()
                                        .mapToLong(run -> run.getValue() - run.getKey())
                                        .sum());
            } catch (CommitText.UnreadableException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aRetryKeepsTheOrderOfItsKeyAndWaitsForNoOther() {
        publish(200);
        Queue<Integer> handled = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer consumer = consumer(new FaultyClient())
                .retry(RetryPolicy.exponential(1_000, Duration.ofMillis(5)))
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    int ordinal = event.payload().ordinal();
                    if (ordinal == 7 && handled.size() < 180) {
                        throw new IllegalStateException("not before all the others");
                    }
                    handled.add(ordinal);
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        List<Integer> order = List.copyOf(handled);
        assertThat(order).hasSize(200).doesNotHaveDuplicates();
        assertThat(order.stream().filter(ordinal -> ordinal % KEYS == 7)).isSorted();
        assertThat(order.indexOf(7)).isEqualTo(180);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void hundredsAreInFlightAtOnceAndInNoOrder() {
        publish(300);
        CyclicBarrier together = new CyclicBarrier(300);
        Set<Integer> handled = ConcurrentHashMap.newKeySet();
        try (ResilientConsumer consumer = consumer(new FaultyClient())
                .ordering(Ordering.NONE)
                .workers(300)
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    together.await(30, TimeUnit.SECONDS); // passes only where 300 are here at once
                    handled.add(event.payload().ordinal());
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(handled).hasSize(300);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void anExecutorOfTheApplicationsIsUsedAndNotShutDown() {
        publish(50);
        ExecutorService mine = Executors.newCachedThreadPool(task -> new Thread(task, "mine"));
        Set<String> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger now = new AtomicInteger();
        List<Integer> most = Collections.synchronizedList(new ArrayList<>());
        try (ResilientConsumer consumer = consumer(new FaultyClient())
                .executor(mine)
                .workers(3)
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    most.add(now.incrementAndGet());
                    threads.add(Thread.currentThread().getName());
                    now.decrementAndGet();
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(threads).containsExactly("mine");
        assertThat(most).hasSize(50).allMatch(atOnce -> atOnce <= 3);
        assertThat(mine.isShutdown()).isFalse();
        mine.shutdown();
    }

    @Test
    void aSinkIsByPartition() {
        assertThatThrownBy(() -> topics.consumer()
                        .ordering(Ordering.KEY)
                        .sink(batch -> dev.cdp.core.sink.SinkResult.stored(0))
                        .build())
                .hasMessageContaining("ordering(KEY) is for handlers");
    }

    @Test
    void aKeyIsItsBytesAndRecordsWithoutOneAreFree() {
        Lanes lanes = new Lanes(Ordering.KEY, 1, new Scale(new java.util.Random(1)));
        for (String key : List.of("a", "b", "a", "", "")) {
            lanes.enqueue(entry(key.isEmpty() ? null : key.getBytes(StandardCharsets.UTF_8)), 0, 0);
        }
        int lanesReady = 0;
        while (lanes.ready(0)) {
            lanes.next(0, 8);
            lanesReady++;
        }
        assertThat(lanesReady).isEqualTo(4);
    }

    private static Entry entry(byte[] key) {
        return new Entry(new org.apache.kafka.clients.consumer.ConsumerRecord<>("t", 0, 0, key, new byte[0]));
    }
}
