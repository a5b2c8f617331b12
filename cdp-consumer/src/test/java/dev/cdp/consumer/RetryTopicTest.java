package dev.cdp.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Records that wait for their next attempt in a topic. */
@CdpTest
class RetryTopicTest {

    private Topics topics;
    private final Set<Integer> handled = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 2).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private ConsumerBuilder consumer() {
        return topics.consumer()
                .ordering(Ordering.NONE)
                .retry(RetryPolicy.exponential(3, Duration.ofMillis(100)))
                .deadLetterTopics(DeadLetterTopics.CREATE)
                .retryTopics();
    }

    private String retries() {
        return "retry." + topics.group + "." + topics.topic;
    }

    @Test
    void whatWaitsThereHoldsUpNoOffsetAndComesBackAsWhatItWas() {
        topics.publishAll(40);
        Queue<String> attempts = new ConcurrentLinkedQueue<>();
        Set<String> ids = ConcurrentHashMap.newKeySet();
        try (ResilientConsumer consumer = consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    int ordinal = event.payload().ordinal();
                    if (ordinal == 4) {
                        attempts.add(delivery + " " + delivery.attempt());
                        ids.add(event.id());
                        if (delivery.attempt() == 1) {
                            throw new IllegalStateException("at first");
                        }
                        Await.untilAsserted(() -> assertThat(topics.lag())
                                .as("all others are committed")
                                .isEqualTo(0));
                    }
                    handled.add(ordinal);
                })
                .build()) {
            consumer.start();
            Await.untilAsserted(() -> assertThat(handled).as("all handled").hasSize(40));
            Await.untilAsserted(() -> assertThat(consumer.health().partitions().stream()
                            .map(PartitionHealth::counts)
                            .toList())
                    .as("every record is counted once, where it was read")
                    .isEqualTo(List.of(
                            new RecordCounts(1, 1, 0, 0, 0, 0),
                            new RecordCounts(0, 0, 0, 0, 0, 0),
                            new RecordCounts(20, 19, 0, 0, 1, 0),
                            new RecordCounts(20, 20, 0, 0, 0, 0))));
        }
        assertThat(attempts).containsExactly(topics.topic + "-0@2 1", topics.topic + "-0@2 2");
        assertThat(ids).hasSize(1);
        assertThat(topics.read(retries())).singleElement().satisfies(waiting -> {
            assertThat(HandlerTest.header(waiting, "cdp.retry.topic")).isEqualTo(topics.topic);
            assertThat(HandlerTest.header(waiting, "cdp.retry.partition")).isEqualTo("0");
            assertThat(HandlerTest.header(waiting, "cdp.retry.offset")).isEqualTo("2");
            assertThat(HandlerTest.header(waiting, "cdp.retry.attempts")).isEqualTo("1");
        });
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void whatNeverSucceedsEndsInTheDeadLettersOfItsTopicWithAllItsAttempts() {
        topics.publishAll(10);
        try (ResilientConsumer consumer = consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (event.payload().ordinal() == 7) {
                        throw new IllegalStateException("never");
                    }
                    handled.add(event.payload().ordinal());
                })
                .build()) {
            consumer.start();
            Await.untilAsserted(() -> assertThat(topics.read(topics.deadLetters()))
                    .as("a dead letter")
                    .isNotEmpty());
        }
        assertThat(handled).hasSize(9);
        assertThat(topics.read(retries())).hasSize(2);
        assertThat(topics.read(topics.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.REASON)).isEqualTo("RETRIES_EXHAUSTED");
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.ATTEMPTS)).isEqualTo("3");
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.TOPIC)).isEqualTo(topics.topic);
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.PARTITION)).isEqualTo("1");
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.OFFSET)).isEqualTo("3");
            assertThat(letter.headers().lastHeader("cdp.retry.attempts")).isNull();
        });
    }

    @Test
    void inTransactionsTheWayThereIsExactlyOnceToo() {
        topics.kafka.createTopic(Pages.outputs(topics), 2);
        topics.publishAll(60);
        try (ResilientConsumer consumer = Pages.consumer(
                        ResilientConsumer.builder(Pages.catalog(topics.topic)),
                        topics.properties(),
                        topics.topic,
                        topics.group,
                        "retries")
                .ordering(Ordering.NONE)
                .deadLetterTopics(DeadLetterTopics.CREATE)
                .retryTopics()
                .build()) {
            consumer.start();
            Await.untilAsserted(
                    () -> assertThat(Pages.seen(topics)).as("all outputs").hasSizeGreaterThanOrEqualTo(120));
        }
        assertThat(Pages.seen(topics))
                .isEqualTo(Pages.of(IntStream.range(0, 60).boxed().toList()));
        assertThat(topics.readCommitted(retries())).hasSize(9);
    }

    @Test
    void orderingsThatItWouldBreakAndMissingTopicsAreRefused() {
        assertThatThrownBy(() -> consumer()
                        .ordering(Ordering.KEY)
                        .handle(Topics.PageViewed.class, (event, delivery) -> {})
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retryTopics() needs ordering(NONE), and this consumer is by KEY");
        assertThatThrownBy(() -> consumer()
                        .group("g".repeat(250))
                        .handle(Topics.PageViewed.class, (event, delivery) -> {})
                        .build())
                .hasMessageContaining("is no name of a topic");
        try (ResilientConsumer consumer = consumer()
                .deadLetterTopics(DeadLetterTopics.REQUIRE)
                .handle(Topics.PageViewed.class, (event, delivery) -> {})
                .build()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("retry topic " + retries() + " does not exist");
        }
    }
}
