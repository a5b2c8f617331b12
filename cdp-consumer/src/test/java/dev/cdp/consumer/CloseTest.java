package dev.cdp.consumer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A close ends in its time whatever hangs, and says what it has left. */
@CdpTest
class CloseTest {

    private Topics topics;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicInteger clients = new AtomicInteger();
    private final Queue<Integer> handled = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
    }

    @AfterEach
    void close() {
        opened.countDown();
        topics.close();
    }

    /** With a rebalance that would wait for what runs longer than any test. */
    private ConsumerBuilder consumer() {
        Map<String, Object> properties = topics.properties();
        properties.put("max.poll.interval.ms", 900_000);
        return topics.consumer().kafka(properties);
    }

    /** Returns when it is opened, and does not let an interrupt end it. */
    private void hang() {
        begun.countDown();
        while (opened.getCount() > 0) {
            try {
                opened.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        }
    }

    private static void awaitBegun(CountDownLatch begun) {
        Await.until("a handler or a sink is called", () -> begun.getCount() == 0);
    }

    /** Of a close that ends while {@link #hang} goes on. */
    private CloseReport closed(ResilientConsumer consumer) {
        CloseReport first = consumer.close(Duration.ofSeconds(1));
        assertThat(first.drained()).isFalse();
        CloseReport report = consumer.close(Await.LIMIT);
        assertThat(consumer.health().state()).isEqualTo(ConsumerState.CLOSED);
        assertThat(opened.getCount()).as("what hangs hangs on").isOne();
        return report;
    }

    @Test
    void aHandlerThatHangsIsInterruptedAndThenAbandoned() {
        topics.publishAll(3);
        ResilientConsumer consumer = consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (event.payload().ordinal() == 1) {
                        hang();
                    }
                    handled.add(event.payload().ordinal());
                })
                .build();
        consumer.start();
        awaitBegun(begun);
        assertThat(closed(consumer)).isEqualTo(new CloseReport(false, 1, 0, 0, 1));
        assertThat(interrupted).isTrue();
        assertThat(topics.committed(0).offset())
                .as("what was done is committed")
                .isEqualTo(1);
    }

    @Test
    void whatAnInterruptedHandlerSaysOfItsRecordIsNotBelieved() {
        topics.publishAll(2);
        try (ResilientConsumer consumer = consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    begun.countDown();
                    try {
                        opened.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw new RejectedEventException("a bad event");
                    }
                })
                .build()) {
            consumer.start();
            awaitBegun(begun);
            assertThat(closed(consumer)).isEqualTo(new CloseReport(false, 0, 0, 0, 1));
        }
        assertThat(interrupted).isTrue();
        try (ResilientConsumer successor = topics.consumer()
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build()) {
            successor.start();
            topics.awaitLagZero();
        }
        assertThat(handled).containsExactly(0, 1);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void aHandlerThatEndsWellWhenItIsInterruptedCounts() {
        topics.publishAll(1);
        ResilientConsumer consumer = consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    begun.countDown();
                    try {
                        opened.await();
                    } catch (InterruptedException e) {
                        handled.add(event.payload().ordinal());
                    }
                })
                .build();
        consumer.start();
        awaitBegun(begun);
        // The first call may return before the end is reported; what was done counts all the same.
        CloseReport first = consumer.close(Duration.ofSeconds(4));
        assertThat(opened.getCount()).isOne();
        assertThat(first.abandoned()).isZero();
        assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 1, 0, 0, 0));
        assertThat(handled).containsExactly(0);
        assertThat(topics.lag()).isZero();
    }

    @Test
    void aSinkThatHangsIsAbandonedWithItsBatch() {
        topics.publishAll(40);
        ResilientConsumer consumer = consumer()
                .batches(new BatchLimits(30, 1 << 20, Duration.ofMillis(50)))
                .sink(batch -> {
                    hang();
                    return SinkResult.stored(batch.events().size());
                })
                .build();
        consumer.start();
        awaitBegun(begun);
        CloseReport report = closed(consumer);
        assertThat(report.drained()).isFalse();
        assertThat(report.abandoned()).as("records of the open batch").isBetween(1, 30);
        assertThat(interrupted).isTrue();
    }

    @Test
    void runThatIsInterruptedReturnsWhenAllThatWasInFlightIsCommitted() throws Exception {
        topics.publishAll(1);
        ResilientConsumer consumer = consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> hang())
                .build();
        AtomicReference<@Nullable ConsumerState> atReturn = new AtomicReference<>();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread runs = new Thread(() -> {
            consumer.run();
            atReturn.set(consumer.health().state());
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        runs.start();
        awaitBegun(begun);
        runs.interrupt();
        Await.until("it closes", () -> consumer.health().state() == ConsumerState.CLOSING);
        runs.interrupt(); // a second one ends nothing either
        opened.countDown();
        runs.join();
        assertThat(atReturn).hasValue(ConsumerState.CLOSED);
        assertThat(stillInterrupted).isTrue();
        assertThat(topics.lag()).isZero();
    }

    /** A real client, and what happens when the first of them is closed: within the change of the catalog. */
    private ResilientConsumer.Clients atFirstClose(Runnable happens) {
        AtomicBoolean first = new AtomicBoolean(true);
        return new ResilientConsumer.Clients(
                properties -> {
                    clients.incrementAndGet();
                    Consumer<byte[], byte[]> real =
                            ResilientConsumer.Clients.KAFKA.consumers().apply(properties);
                    @SuppressWarnings("unchecked") // a proxy of exactly this interface
                    Consumer<byte[], byte[]> watched = (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                            Consumer.class.getClassLoader(),
                            new Class<?>[] {Consumer.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("close") && first.getAndSet(false)) {
                                    happens.run();
                                }
                                try {
                                    return method.invoke(real, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
                    return watched;
                },
                ResilientConsumer.Clients.KAFKA.producers());
    }

    private ResilientConsumer changing(Runnable meanwhile) {
        return new ConsumerBuilder(topics.catalog("enforce"), atFirstClose(meanwhile))
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .commitInterval(Duration.ofMillis(50))
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build();
    }

    @Test
    void aCatalogThatComesWhileAnotherIsTakenIsTakenAfterIt() {
        AtomicReference<@Nullable ResilientConsumer> self = new AtomicReference<>();
        try (ResilientConsumer consumer = changing(() -> self.get().replaceCatalog(topics.catalog("warn")))) {
            self.set(consumer);
            consumer.start();
            consumer.replaceCatalog(topics.catalog("enforce"));
            Await.until("it is taken, and the other one after it", clients::get, made -> made == 3);
            topics.send(0, "k", "page_viewed", "{\"page_id\":\"p\",\"ordinal\":-8}");
            topics.awaitLagZero();
            assertThat(topics.read(topics.deadLetters()))
                    .as("the last catalog only warns")
                    .isEmpty();
            assertThat(handled).containsExactly(-8);
        }
    }

    @Test
    void aCloseWhileACatalogIsTakenIsACloseAndNoFailure() {
        AtomicReference<@Nullable ResilientConsumer> self = new AtomicReference<>();
        ResilientConsumer consumer = changing(() -> self.get().close());
        self.set(consumer);
        consumer.start();
        consumer.replaceCatalog(topics.catalog("warn"));
        Await.until(
                "it ends",
                () -> consumer.health().state(),
                state -> state == ConsumerState.CLOSED || state == ConsumerState.STOPPED);
        assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 0, 0, 0, 0));
        assertThat(consumer.health().state()).isEqualTo(ConsumerState.CLOSED);
    }
}
