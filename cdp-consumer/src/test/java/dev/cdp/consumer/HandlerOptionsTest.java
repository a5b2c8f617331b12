package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@CdpTest
class HandlerOptionsTest {

    private Topics topics;
    private final Queue<Integer> handled = new ConcurrentLinkedQueue<>();
    private final Queue<ConsumerListener.Ignored> ignored = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private void consume(UnaryOperator<ConsumerBuilder> options) {
        try (ResilientConsumer consumer = options.apply(topics.consumer()
                        .retry(RetryPolicy.exponential(2, Duration.ofMillis(1)))
                        .listener(new ConsumerListener() {
                            @Override
                            public void ignored(Delivery delivery, Ignored why) {
                                ignored.add(why);
                            }
                        }))
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
    }

    private ConsumerBuilder handling(ConsumerBuilder builder) {
        return builder.handle(
                Topics.PageViewed.class,
                (event, delivery) -> handled.add(event.payload().ordinal()));
    }

    @Test
    void batchesGrowAndOfOneThatFailsOnlyTheGuiltyIsDeadLettered() {
        topics.publishAll(500);
        topics.send(0, "k", "page_viewed", "{\"page_id\":\"p\"}");
        topics.publish(0, 500);
        topics.producer.flush();
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        consume(builder -> builder.handleBatch(Topics.PageViewed.class, 100, batch -> {
            sizes.add(batch.size());
            if (batch.stream().anyMatch(one -> one.event().payload().ordinal() == 333)) {
                throw new IllegalStateException("333");
            }
            batch.forEach(one -> handled.add(one.event().payload().ordinal()));
        }));
        assertThat(handled)
                .containsExactlyElementsOf(IntStream.rangeClosed(0, 500)
                        .filter(i -> i != 333)
                        .boxed()
                        .toList());
        assertThat(Collections.max(sizes)).isBetween(33, 100);
        assertThat(topics.read(topics.deadLetters()))
                .extracting(letter -> HandlerTest.header(letter, DeadLetterHeaders.OFFSET))
                .containsExactlyInAnyOrder("333", "500");
    }

    @Test
    void whatNoHandlerTakesIsDeadLetteredOrIgnoredAsAsked() {
        topics.send(0, "k", "page_closed", "{\"page_id\":\"p\"}");
        topics.send(0, "k", "no_such_event", "{}");
        consume(builder ->
                handling(builder).eventsWithoutHandler(Fallback.DEAD_LETTER).unknownEvents(Fallback.IGNORE));
        assertThat(ignored).containsExactly(ConsumerListener.Ignored.UNKNOWN_EVENT);
        assertThat(topics.read(topics.deadLetters())).hasSize(1).allSatisfy(letter -> {
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.REASON)).isEqualTo("HANDLER_REJECTED");
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.EVENT)).isEqualTo("page_closed");
        });
    }

    @Test
    void aHandlerOfJsonGetsTheBytesAsTheyCame() {
        String json = "{ \"page_id\": \"p\",  \"ordinal\":1.0e0 }";
        topics.send(0, "k", "page_viewed", json);
        topics.send(0, "k", "page_viewed", "{}");
        List<String> payloads = Collections.synchronizedList(new ArrayList<>());
        consume(builder -> builder.handleJson(
                "page_viewed", (event, delivery) -> payloads.add(new String(event.payload(), StandardCharsets.UTF_8))));
        assertThat(payloads).containsExactly(json);
        assertThat(topics.read(topics.deadLetters())).as("the invalid one").hasSize(1);
    }

    @Test
    void withoutValidationHandlersGetWhatRecordsHoldAndUnknownEventsAreStillDeadLettered() {
        topics.send(0, "k", "page_viewed", "{\"ordinal\":-1}");
        topics.send(0, "k", "no_such_event", "{}");
        consume(builder -> handling(builder).noValidation());
        assertThat(handled).containsExactly(-1);
        assertThat(topics.read(topics.deadLetters())).hasSize(1);
    }

    @Test
    void anEventThatComesTwiceWithinTheWindowIsHandledOnceUnlessItFailed() {
        for (int ordinal : new int[] {1, 2, 1, 2, 3}) {
            send("id-" + ordinal, ordinal);
        }
        consume(builder -> builder.deduplicate(Duration.ofHours(1), 1_000)
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    handled.add(event.payload().ordinal());
                    if (event.payload().ordinal() == 2) {
                        throw new RejectedEventException("not handled, so not seen");
                    }
                }));
        assertThat(handled).containsExactly(1, 2, 2, 3);
        assertThat(ignored).containsExactly(ConsumerListener.Ignored.REPEATED);
    }

    private void send(String id, int ordinal) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.topic,
                0,
                null,
                ("{\"page_id\":\"p\",\"ordinal\":" + ordinal + "}").getBytes(StandardCharsets.UTF_8));
        record.headers().add(CloudEvents.TYPE, "page_viewed".getBytes(StandardCharsets.UTF_8));
        record.headers().add(CloudEvents.ID, id.getBytes(StandardCharsets.UTF_8));
        record.headers()
                .add(
                        CloudEvents.TRACE_PARENT,
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".getBytes(StandardCharsets.UTF_8));
        Future<RecordMetadata> unused = topics.producer.send(record);
        topics.producer.flush();
    }

    @Test
    void aHandlerIsToldWhereTheEventStandsUntilWhenAndItsTrace() {
        send("id", 7);
        Instant before = Instant.now();
        List<String> traces = Collections.synchronizedList(new ArrayList<>());
        List<Delivery> deliveries = Collections.synchronizedList(new ArrayList<>());
        consume(builder -> builder.handle(Topics.PageViewed.class, (event, delivery) -> {
            traces.add(event.traceParent().orElse(""));
            deliveries.add(delivery);
        }));
        assertThat(traces).containsExactly("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        Delivery delivery = deliveries.get(0);
        assertThat(delivery).hasToString(topics.topic + "-0@0");
        assertThat(delivery.attempt()).isEqualTo(1);
        assertThat(delivery.deadline())
                .isBetween(before.plus(Duration.ofSeconds(75)), Instant.now().plus(Duration.ofSeconds(75)));
    }

    @Test
    void deadLettersOfOnesOwnAreAwaitedBeforeTheCommit() throws Exception {
        topics.send(0, "k", "page_viewed", "{}");
        topics.publish(0, 1);
        CompletableFuture<Void> stored = new CompletableFuture<>();
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        List<DeadLetterReason> reasons = Collections.synchronizedList(new ArrayList<>());
        DeadLetters own = new DeadLetters() {
            @Override
            public CompletableFuture<Void> send(DeadLetter letter) {
                reasons.add(letter.failure().reason());
                sent.countDown();
                return stored;
            }

            @Override
            public void close(Duration timeout) {
                closed.countDown();
            }
        };
        try (ResilientConsumer consumer =
                handling(topics.consumer()).deadLetters(own).build()) {
            consumer.start();
            assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
            Await.untilAsserted(
                    () -> assertThat(handled).as("the next one is handled").contains(1));
            assertThat(topics.lag()).isEqualTo(2);
            stored.complete(null);
            topics.awaitLagZero();
        }
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reasons).containsExactly(DeadLetterReason.INVALID);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }
}
