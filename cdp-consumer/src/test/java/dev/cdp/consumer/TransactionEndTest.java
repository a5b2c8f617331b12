package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.cdp.consumer.Pages.PageCounted;
import dev.cdp.consumer.StoppingProducer.Place;
import dev.cdp.consumer.Topics.PageViewed;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Transactions whose process dies, is paused, overtaken or closed, or loses its partitions: outputs are seen once. */
@CdpTest
class TransactionEndTest {

    private Topics topics;

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 3).withDeadLetters();
        kafka.createTopic(Pages.outputs(topics), 2);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    /** As a static member it takes the dead one's place at once. */
    private ConsumerBuilder successor() {
        return Pages.consumer(topics, "tx-" + topics.topic, Map.of("group.instance.id", "one"), place -> {});
    }

    @Test
    void deadLettersAreOfTheTransactionAndSoSeenOnce() {
        for (int i = 0; i < 60; i++) {
            topics.send(i % 3, "k", "page_viewed", i % 4 == 0 ? "{}" : "{\"page_id\":\"p\",\"ordinal\":" + i + "}");
        }
        topics.producer.flush();
        crash(Place.OFFSETS_SENT, 2);
        try (ResilientConsumer consumer = successor().build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        List<String> letters = new ArrayList<>();
        topics.readCommitted(topics.deadLetters())
                .forEach(letter -> letters.add(HandlerTest.header(letter, DeadLetterHeaders.PARTITION) + "@"
                        + HandlerTest.header(letter, DeadLetterHeaders.OFFSET)));
        assertThat(letters)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 60)
                        .filter(i -> i % 4 == 0)
                        .mapToObj(i -> i % 3 + "@" + i / 3)
                        .toList());
        assertThat(Pages.seen(topics))
                .isEqualTo(Pages.of(
                        IntStream.range(0, 60).filter(i -> i % 4 != 0).boxed().toList()));
    }

    @Tag("campaign")
    @ParameterizedTest
    @EnumSource(Place.class)
    void whereverAProcessDiesInItsTransactionOutputsAreSeenOnce(Place place) {
        topics.publishAll(90);
        crash(place, 2);
        try (ResilientConsumer successor = successor().build()) {
            successor.start();
            topics.awaitLagZero();
        }
        assertThat(Pages.seen(topics)).isEqualTo(Pages.of(Pages.upTo(90)));
    }

    private void crash(Place place, int nth) {
        try (ChildJvm child = ChildJvm.of(TransactionCrashMain.class)
                .start(
                        topics.kafka.bootstrapServers(),
                        topics.topic,
                        topics.group,
                        place.name(),
                        Integer.toString(nth))) {
            child.awaitReady().awaitExit(CrashPoints.EXIT);
        }
    }

    @Test
    void aTwinTakesOverAndWhatTheOlderOneHadOpenIsNeverSeen() throws Exception {
        topics.publishAll(60);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Consumer<Place> stop = place -> {
            if (place == Place.OFFSETS_SENT && reached.getCount() > 0) {
                reached.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Map<String, Object> hasty = Map.of("max.poll.interval.ms", 3_000);
        Queue<Throwable> causes = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer older =
                Pages.consumer(topics, "twin", hasty, stop).build()) {
            older.start();
            reached.await();
            try (ResilientConsumer twin =
                    Pages.consumer(topics, "twin", hasty, place -> {}).build()) {
                twin.start();
                Await.untilAsserted(() -> assertThat(twin.health().partitions())
                        .as("the twin has partitions")
                        .isNotEmpty());
                go.countDown();
                Await.untilAsserted(() -> assertThat(older.health().state())
                        .as("the older one stops")
                        .isEqualTo(ConsumerState.STOPPED));
                older.health().cause().ifPresent(causes::add);
                topics.awaitLagZero();
            }
        }
        assertThat(causes)
                .singleElement()
                .satisfies(cause -> assertThat(cause)
                        .isInstanceOf(ConsumerStoppedException.class)
                        .hasMessageContaining("another consumer has taken over the transactional id twin"));
        assertThat(Pages.seen(topics)).isEqualTo(Pages.of(Pages.upTo(60)));
    }

    /** A process that is paused for longer than a transaction may take, for which the broker undoes it. */
    @Test
    void aTransactionThatTheBrokerEndedForItsLengthIsDoneAgain() {
        topics.publishAll(60);
        AtomicInteger left = new AtomicInteger(2);
        String id = "tx-" + topics.topic;
        Consumer<Place> pause = here -> {
            if (here == Place.OFFSETS_SENT && left.decrementAndGet() == 0) {
                Await.until("the broker undoes it", () -> state(id), TransactionState.COMPLETE_ABORT::equals);
            }
        };
        try (ResilientConsumer consumer = Pages.consumer(topics, id, Map.of("transaction.timeout.ms", 1_000), pause)
                .build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
        }
        assertThat(left).hasNonPositiveValue();
        assertThat(Pages.seen(topics)).isEqualTo(Pages.of(Pages.upTo(60)));
    }

    /** The last transaction, which has all offsets, ends after the close has given up waiting. */
    @Test
    void whatACloseDidNotWaitForIsNotSentAgain() {
        topics.publishAll(60);
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ResilientConsumer.Clients slow = new ResilientConsumer.Clients(
                ResilientConsumer.Clients.KAFKA.consumers(), new StoppingProducer(place -> {
                    if (place == Place.OFFSETS_SENT) {
                        sent.countDown();
                        await(closed);
                    }
                })::connect);
        try (ResilientConsumer consumer = new ConsumerBuilder(Pages.catalog(topics.topic), slow)
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .transactionalId("tx-" + topics.topic)
                .emits(PageCounted.class)
                .commitInterval(Duration.ofMinutes(1))
                .commitRecords(60)
                .transform(
                        PageViewed.class,
                        (event, delivery, outputs) -> outputs.emit(
                                new PageCounted("p1", event.payload().ordinal(), "a")))
                .build()) {
            consumer.start();
            Await.until("the transaction is open, with all offsets", () -> sent.getCount() == 0);
            assertThat(consumer.close(Duration.ofMillis(1)).drained()).isFalse();
            assertThat(consumer.close(Await.LIMIT).drained()).isFalse();
        } finally {
            closed.countDown();
        }
        topics.awaitLagZero();
        assertThat(Pages.seen(topics))
                .isEqualTo(Pages.upTo(60).stream().map(i -> i + " a").sorted().toList());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private TransactionState state(String transactionalId) {
        try {
            return topics.admin
                    .describeTransactions(List.of(transactionalId))
                    .description(transactionalId)
                    .get()
                    .state();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void rebalancesInTheMiddleOfTransactionsDoubleNothing(String protocol) {
        Map<String, Object> properties = protocol.equals("classic")
                ? Map.of("max.poll.records", 5)
                : Map.of("group.protocol", protocol, "max.poll.records", 5);
        int sent = 0;
        try (ResilientConsumer one = Pages.consumer(topics, "one-" + topics.topic, properties, place -> {})
                .build()) {
            one.start();
            for (int round = 0; round < 2; round++) {
                try (ResilientConsumer two = Pages.consumer(topics, "two-" + topics.topic, properties, place -> {})
                        .build()) {
                    two.start();
                    while (two.health().partitions().isEmpty()) {
                        IntStream.range(sent, sent + 30).forEach(i -> topics.publish(i % 3, i));
                        sent += 30;
                        topics.producer.flush();
                        LockSupport.parkNanos(100_000_000L);
                    }
                    IntStream.range(sent, sent + 300).forEach(i -> topics.publish(i % 3, i));
                    sent += 300;
                }
            }
            topics.producer.flush();
            topics.awaitLagZero();
        }
        assertThat(Pages.seen(topics)).isEqualTo(Pages.of(Pages.upTo(sent)));
    }
}
