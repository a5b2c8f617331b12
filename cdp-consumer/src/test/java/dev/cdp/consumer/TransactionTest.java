package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.cdp.consumer.Pages.PageCounted;
import dev.cdp.consumer.Topics.PageViewed;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Outputs, dead letters and offsets in one transaction. */
@CdpTest
class TransactionTest {

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

    private ConsumerBuilder consumer() {
        return Pages.consumer(topics, "tx-" + topics.topic, Map.of(), place -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"PARTITION", "KEY", "NONE"})
    void outputsAreSeenOnceInTheirOrderAndThoseOfAFailedAttemptNever(Ordering ordering) {
        topics.publishAll(300);
        try (ResilientConsumer consumer = consumer().ordering(ordering).build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 300, 0, 0, 0));
        }
        assertThat(Pages.seen(topics)).isEqualTo(Pages.of(Pages.upTo(300)));
        if (ordering == Ordering.PARTITION) {
            Map<Integer, Integer> highest = new HashMap<>();
            topics.readCommitted(Pages.outputs(topics)).forEach(output -> {
                String json = new String(output.value(), StandardCharsets.UTF_8);
                int ordinal = Integer.parseInt(json.replaceAll(".*\"ordinal\":(\\d+).*", "$1"));
                int lane = 5 * (ordinal % 3) + ordinal % 5; // the partition that it came from, and its own key
                assertThat(ordinal).isGreaterThanOrEqualTo(highest.getOrDefault(lane, -1));
                highest.put(lane, ordinal);
            });
        }
    }

    @Test
    void whatTheMetadataHasNoRoomForWaitsForALaterTransaction() {
        int count = 3_600;
        IntStream.range(0, count).forEach(i -> {
            String key = i % 2 == 0 ? "held" : "k" + i;
            topics.send(0, key, "page_viewed", "{\"page_id\":\"p\",\"ordinal\":" + i + "}");
        });
        topics.producer.flush();
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        try (ResilientConsumer consumer = ResilientConsumer.builder(Pages.catalog(topics.topic))
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .ordering(Ordering.KEY)
                .bufferedRecords(10_000)
                .transactionalId("tx-" + topics.topic)
                .emits(PageCounted.class)
                .transform(PageViewed.class, (event, delivery, outputs) -> {
                    if (event.payload().ordinal() == 0) {
                        go.await();
                    }
                    outputs.emit(new PageCounted("p", event.payload().ordinal(), "a"));
                    done.incrementAndGet();
                })
                .build()) {
            consumer.start();
            Await.untilAsserted(() ->
                    assertThat(done.get()).as("all but those that are held").isEqualTo(count / 2));
            topics.publish(1, count);
            topics.producer.flush();
            Await.untilAsserted(() ->
                    assertThat(Pages.seen(topics)).as("a later transaction").contains(count + " a"));
            assertThat(Pages.seen(topics))
                    .as("outputs of what 4,096 characters can list, of " + count / 2)
                    .hasSizeBetween(1_400, 1_700);
            go.countDown();
            topics.awaitLagZero();
        }
        assertThat(Pages.seen(topics))
                .isEqualTo(IntStream.rangeClosed(0, count)
                        .mapToObj(i -> i + " a")
                        .sorted()
                        .toList());
    }

    private static PageCounted count(PageViewed view) {
        return new PageCounted("p1", view.ordinal(), "a");
    }

    @Test
    void anOutputIsAnEventOfTheCatalogInTheTraceOfItsOrigin() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.topic, 0, null, "{\"page_id\":\"p\",\"ordinal\":1}".getBytes(StandardCharsets.UTF_8));
        record.headers().add("ce_type", "page_viewed".getBytes(StandardCharsets.UTF_8));
        record.headers().add("traceparent", trace.getBytes(StandardCharsets.UTF_8));
        Future<RecordMetadata> unused = topics.producer.send(record);
        topics.producer.flush();
        Catalog catalog = Pages.catalog(topics.topic);
        Map<String, Object> kafka = topics.properties();
        String topic = topics.topic;

        // README: transform
        ResilientConsumer counter = ResilientConsumer.builder(catalog)
                .kafka(kafka)
                .group("page-counter")
                .topics(topic)
                .transactionalId("page-counter-0") // of this instance alone, and the same after a restart
                .emits(PageCounted.class)
                .transform(PageViewed.class, (event, delivery, outputs) -> outputs.emit(count(event.payload())))
                .build();
        // README: end

        try (counter) {
            counter.start();
            Await.untilAsserted(
                    () -> assertThat(Pages.seen(topics)).as("an output").isNotEmpty());
        }
        assertThat(topics.readCommitted(Pages.outputs(topics))).hasSize(1).allSatisfy(output -> {
            assertThat(new String(output.key(), StandardCharsets.UTF_8)).isEqualTo("p1");
            assertThat(HandlerTest.header(output, CloudEvents.TYPE)).isEqualTo("page_counted");
            assertThat(HandlerTest.header(output, CloudEvents.SOURCE)).isEqualTo("//test.example");
            assertThat(HandlerTest.header(output, CloudEvents.DATA_SCHEMA)).isEqualTo("//test.example/page_counted/1");
            assertThat(HandlerTest.header(output, CloudEvents.ID)).hasSize(36);
            assertThat(HandlerTest.header(output, CloudEvents.TRACE_PARENT)).isEqualTo(trace);
        });
    }

    @Test
    void aTopicThatTakesNothingHoldsUpItsPartitionsAloneAndNothingIsSkipped() throws Exception {
        topics.publishAll(3);
        try (ResilientConsumer consumer = consumer().build()) {
            consumer.start();
            topics.awaitLagZero();
            topics.admin.deleteTopics(List.of(topics.deadLetters())).all().get();
            topics.send(0, "k", "page_viewed", "{}");
            topics.publish(0, 3);
            topics.producer.flush();
            Await.until(
                    "an outage",
                    () -> consumer.health().outages().stream()
                            .anyMatch(outage -> outage.what().equals(topics.deadLetters())));
            topics.publish(1, 4);
            topics.producer.flush();
            Await.untilAsserted(() ->
                    assertThat(Pages.seen(topics)).as("the other partition").contains("4 b"));
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
            assertThat(Pages.seen(topics)).doesNotContain("3 a");
            topics.withDeadLetters();
            topics.awaitLagZero();
            Await.untilAsserted(() ->
                    assertThat(consumer.health().outages()).as("no outage").isEmpty());
        }
        assertThat(Pages.seen(topics)).isEqualTo(Pages.of(Pages.upTo(5)));
        assertThat(topics.readCommitted(topics.deadLetters())).hasSize(1);
    }

    @Test
    void anOutputThatItsTopicDoesNotTakeMakesADeadLetterAndOneThatIsInvalidToo() {
        topics.publishAll(9);
        Map<String, Object> properties = topics.properties();
        try (ResilientConsumer consumer = ResilientConsumer.builder(Pages.catalog(topics.topic))
                .kafka(properties)
                .group(topics.group)
                .topics(topics.topic)
                .transactionalId("large")
                .emits(PageCounted.class)
                .transform(PageViewed.class, (event, delivery, outputs) -> {
                    int ordinal = event.payload().ordinal();
                    outputs.emit(new PageCounted("p", ordinal, "a"));
                    if (ordinal == 4) {
                        outputs.emit(new PageCounted("p", ordinal, "x".repeat(2_000_000)));
                    }
                    outputs.emit(new PageCounted("p", ordinal, ordinal == 5 ? null : "b"));
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(Pages.seen(topics))
                .isEqualTo(Pages.of(IntStream.range(0, 9)
                        .filter(i -> i != 4 && i != 5)
                        .boxed()
                        .toList()));
        assertThat(topics.readCommitted(topics.deadLetters()))
                .hasSize(2)
                .allSatisfy(letter -> assertThat(HandlerTest.header(letter, DeadLetterHeaders.REASON))
                        .isEqualTo("HANDLER_REJECTED"))
                .extracting(letter -> HandlerTest.header(letter, DeadLetterHeaders.EXCEPTION_MESSAGE))
                .anySatisfy(message -> assertThat(message).contains("is larger than topic"))
                .anySatisfy(message -> assertThat(message).contains("output page_counted version 1 is refused"));
    }

    @Test
    void whatCannotBeExactlyOnceIsRefused() {
        ConsumerBuilder plain = topics.consumer().transform(PageViewed.class, (event, delivery, outputs) -> {});
        assertThatThrownBy(plain::build).hasMessageContaining("transactionalId(…)");
        assertThatThrownBy(() -> topics.consumer()
                        .transactionalId("x")
                        .sink(batch -> null)
                        .build())
                .hasMessageContaining("for handlers");
        assertThatThrownBy(
                        () -> consumer().deduplicate(Duration.ofMinutes(1), 10).build())
                .hasMessageContaining("deduplicate");
        Map<String, Object> uncommitted = Map.of("isolation.level", "read_uncommitted");
        assertThatThrownBy(() ->
                        Pages.consumer(topics, "x", uncommitted, place -> {}).build())
                .hasMessageContaining("isolation.level");
        assertThatThrownBy(() -> consumer().emits(String.class).build()).hasMessageContaining("no event 'string'");
        ConsumerBuilder elsewhere = Pages.consumer(
                ResilientConsumer.builder(Pages.catalog("missing")),
                topics.properties(),
                "missing",
                topics.group,
                "id");
        try (ResilientConsumer consumer = elsewhere.build()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("output topic out-missing does not exist");
        }
    }
}
