package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@CdpTest
class HandlerTest {

    private Topics topics;
    private final Queue<Integer> handled = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void aRetryThatSucceedsKeepsTheOrderOfItsPartition() {
        topics.publishAll(100);
        consume(event -> event == 40, 3);
        assertThat(handled)
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void whatFailsAtEveryAttemptIsDeadLetteredAndTheRestGoesOn() {
        topics.publishAll(50);
        consume(event -> event == 7 || event == 8, Integer.MAX_VALUE);
        assertThat(handled)
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .filter(i -> i != 7 && i != 8)
                        .boxed()
                        .toList());
        List<ConsumerRecord<byte[], byte[]>> letters = topics.read(topics.deadLetters());
        assertThat(letters).hasSize(2).allSatisfy(letter -> {
            assertThat(header(letter, DeadLetterHeaders.REASON)).isEqualTo("RETRIES_EXHAUSTED");
            assertThat(header(letter, DeadLetterHeaders.ATTEMPTS)).isEqualTo("4");
            assertThat(header(letter, DeadLetterHeaders.EXCEPTION_CLASS))
                    .isEqualTo(IllegalStateException.class.getName());
            assertThat(letter.headers().lastHeader(DeadLetterHeaders.EXCEPTION_MESSAGE))
                    .as("an exception's message may quote the payload")
                    .isNull();
        });
    }

    private interface Trouble {
        boolean with(int ordinal);
    }

    /** Handles until lag 0; an event in trouble fails that many times. */
    private void consume(Trouble trouble, int failures) {
        Map<Integer, Integer> failed = Collections.synchronizedMap(new HashMap<>());
        try (ResilientConsumer consumer = topics.consumer()
                .retry(RetryPolicy.exponential(4, Duration.ofMillis(5)))
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    int ordinal = event.payload().ordinal();
                    if (trouble.with(ordinal) && failed.merge(ordinal, 1, Integer::sum) <= failures) {
                        assertThat(delivery.attempt()).isEqualTo(failed.get(ordinal));
                        throw new IllegalStateException("secret");
                    }
                    handled.add(ordinal);
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
    }

    @Test
    void aRejectionIsDeadLetteredAtOnceAndAnErrorIsThatRecordsFailure() {
        topics.publishAll(4);
        try (ResilientConsumer consumer = topics.consumer()
                .retry(RetryPolicy.exponential(2, Duration.ofMillis(1)))
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    switch (event.payload().ordinal()) {
                        case 0 -> throw new RejectedEventException("not for this tenant");
                        case 1 -> throw new StackOverflowError();
                        case 2 -> throw new ExceptionInInitializerError();
                        default -> handled.add(event.payload().ordinal());
                    }
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(handled).containsExactly(3);
        List<ConsumerRecord<byte[], byte[]>> letters = topics.read(topics.deadLetters());
        assertThat(letters.stream().map(letter -> header(letter, DeadLetterHeaders.REASON)))
                .containsExactlyInAnyOrder("HANDLER_REJECTED", "RETRIES_EXHAUSTED", "RETRIES_EXHAUSTED");
        ConsumerRecord<byte[], byte[]> rejected = letters.stream()
                .filter(letter -> header(letter, DeadLetterHeaders.OFFSET).equals("0"))
                .findFirst()
                .orElseThrow();
        assertThat(header(rejected, DeadLetterHeaders.EXCEPTION_MESSAGE)).isEqualTo("not for this tenant");
        assertThat(header(rejected, DeadLetterHeaders.ATTEMPTS)).isEqualTo("1");
    }

    @Test
    void tombstonesAndEventsThatNobodyHandlesAreSettled() {
        topics.publish(0, 1);
        topics.send(0, "k".getBytes(StandardCharsets.UTF_8), "page_viewed", null);
        topics.send(0, "k", "page_closed", "{}");
        topics.publish(0, 2);
        Queue<ConsumerListener.Ignored> ignored = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer consumer = topics.consumer()
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .listener(new ConsumerListener() {
                    @Override
                    public void ignored(Delivery delivery, Ignored why) {
                        ignored.add(why);
                        throw new IllegalStateException("a listener that throws breaks nothing");
                    }
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(handled).containsExactly(1, 2);
        assertThat(ignored).containsExactly(ConsumerListener.Ignored.TOMBSTONE, ConsumerListener.Ignored.NO_HANDLER);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void aProbeIsCountedAndNeitherHandledNorDeadLettered() {
        topics.publish(0, 1);
        topics.send(0, "k", CloudEvents.PROBE_TYPE, "{}");
        topics.send(0, "k", CloudEvents.PROBE_TYPE, "no JSON");
        topics.publish(0, 2);
        topics.send(0, "k", "cdp.prob", "{}");
        Queue<String> probes = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer consumer = topics.consumer()
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .listener(new ConsumerListener() {
                    @Override
                    public void ignored(Delivery delivery, Ignored why) {
                        probes.add(why + " " + delivery.offset());
                    }
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.health().probes()).isEqualTo(2);
            assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 2, 1, 2, 0));
        }
        assertThat(handled).containsExactly(1, 2);
        assertThat(probes).containsExactly("PROBE 1", "PROBE 2");
    }

    @Test
    void anEventInModeWarnGoesOnAndIsReportedUnlessItIsNoJson() {
        topics.send(0, "k", "page_viewed", "{\"ordinal\":5}");
        topics.send(0, "k", "page_viewed", "{\"ordinal\":");
        Queue<DeadLetterReason> reasons = new ConcurrentLinkedQueue<>();
        AtomicInteger tolerated = new AtomicInteger();
        try (ResilientConsumer consumer = ResilientConsumer.builder(topics.catalog("warn"))
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .listener(new ConsumerListener() {
                    @Override
                    public void tolerated(
                            Delivery delivery, String event, dev.cdp.core.validation.ValidationReport report) {
                        tolerated.incrementAndGet();
                    }

                    @Override
                    public void deadLettered(Delivery delivery, String event, DeadLetterReason reason) {
                        reasons.add(reason);
                    }
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(handled).containsExactly(5);
        assertThat(tolerated).hasValue(1);
        assertThat(reasons).containsExactly(DeadLetterReason.UNDECODABLE);
    }

    @Test
    void aSlowHandlerNeverMissesThePollInterval() throws Exception {
        topics.publishAll(3);
        Map<String, Object> properties = topics.properties();
        properties.put("max.poll.interval.ms", 1_000);
        CountDownLatch never = new CountDownLatch(1);
        try (ResilientConsumer consumer = topics.consumer()
                .kafka(properties)
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (event.payload().ordinal() == 1 && never.await(3, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("nobody counts it down");
                    }
                    handled.add(event.payload().ordinal());
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(handled).containsExactly(0, 1, 2);
    }

    @Test
    void closeFromAListenerEndsTheConsumer() {
        topics.publishAll(10);
        ResilientConsumer[] self = new ResilientConsumer[1];
        CountDownLatch called = new CountDownLatch(1);
        self[0] = topics.consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    handled.add(event.payload().ordinal());
                    called.countDown();
                })
                .listener(new ConsumerListener() {
                    @Override
                    public void processed(Delivery delivery, String event) {
                        self[0].close();
                    }
                })
                .build();
        self[0].run();
        assertThat(self[0].health().state()).isEqualTo(ConsumerState.CLOSED);
        assertThat(called.getCount()).isZero();
        assertThat(topics.committed(0).offset()).isEqualTo(handled.size());
    }

    @Test
    void closeFromAHandlerEndsTheConsumer() {
        topics.publishAll(10);
        ResilientConsumer[] self = new ResilientConsumer[1];
        self[0] = topics.consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    handled.add(event.payload().ordinal());
                    self[0].close();
                })
                .build();
        self[0].run();
        assertThat(self[0].close(Await.LIMIT).drained()).isTrue();
        assertThat(topics.committed(0).offset()).isEqualTo(handled.size());
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
