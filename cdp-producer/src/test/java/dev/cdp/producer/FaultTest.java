package dev.cdp.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.cdp.core.CdpException;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What is said of an event while the network or the broker misbehaves. */
final class FaultTest {

    /** One that can be paused and killed, started when it is first needed: a process takes seconds to start. */
    private static @Nullable EmbeddedKafka child;

    private EmbeddedKafka kafka;

    @AfterEach
    void stop() {
        if (kafka == child) {
            kafka.proxy().heal();
        } else {
            kafka.close();
        }
    }

    @AfterAll
    static void stopChild() {
        if (child != null) {
            child.close();
        }
    }

    @Test
    void an_event_whose_response_is_lost_is_uncertain_although_it_was_written() {
        kafka = started(EmbeddedKafka.builder().proxied());
        try (CdpProducer producer = impatient()) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            acknowledged(pages.publish(new Shop.PageSeen("first")));
            kafka.proxy().dropResponses();

            PublishUncertainException uncertain =
                    failure(pages.publish(new Shop.PageSeen("lost")), PublishUncertainException.class);

            assertThat(uncertain.retryable()).isFalse();
            assertThat(uncertain).hasMessageContaining(uncertain.eventId());
            assertThat(ids()).containsOnlyOnce(uncertain.eventId());
        }
    }

    @Test
    void a_response_that_is_lost_and_asked_for_again_leaves_one_copy() {
        kafka = started(EmbeddedKafka.builder().proxied());
        try (CdpProducer producer = connect(Map.of("request.timeout.ms", 500, "linger.ms", 0))) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            acknowledged(pages.publish(new Shop.PageSeen("first")));
            kafka.proxy().dropResponses();
            CompletableFuture<Published> future = pages.publish(new Shop.PageSeen("again"));
            awaitRecords(2);

            kafka.proxy().heal();

            Published published = acknowledged(future);
            assertThat(ids()).hasSize(2).containsOnlyOnce(published.eventId());
        }
    }

    @Test
    void an_event_that_a_paused_broker_may_have_is_uncertain() {
        kafka = child();
        try (CdpProducer producer = impatient()) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            acknowledged(pages.publish(new Shop.PageSeen("first")));
            kafka.pause();
            try {
                failure(pages.publish(new Shop.PageSeen("paused")), PublishUncertainException.class);
            } finally {
                kafka.resume();
            }
        }
    }

    @Test
    void an_event_that_never_left_because_no_broker_is_there_has_failed_and_may_be_tried_again() {
        kafka = started(EmbeddedKafka.builder().proxied());
        failsAndMayBeTriedAgain(this::leave, kafka.proxy()::heal);
    }

    @Test
    @Tag("campaign")
    void an_event_that_never_left_because_the_broker_was_killed_has_failed_and_may_be_tried_again() {
        kafka = child();
        failsAndMayBeTriedAgain(kafka::kill, kafka::restart);
    }

    private void failsAndMayBeTriedAgain(Runnable goes, Runnable comesBack) {
        try (CdpProducer producer = impatient()) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            int before = ids().size();
            acknowledged(pages.publish(new Shop.PageSeen("first")));
            goes.run();
            CdpException first = failure(pages.publish(new Shop.PageSeen("while dying")), CdpException.class);
            assertThat(first).isInstanceOfAny(PublishFailedException.class, PublishUncertainException.class);

            PublishFailedException failed =
                    failure(pages.publish(new Shop.PageSeen("dead")), PublishFailedException.class);

            assertThat(failed.retryable()).isTrue();
            assertThat(failed).hasMessageContaining("never left");
            comesBack.run();
            Published published = Await.until(
                            "an event is acknowledged again",
                            () -> pages.publish(new Shop.PageSeen("alive"))
                                    .handle((taken, e) -> Optional.ofNullable(taken))
                                    .join(),
                            Optional::isPresent)
                    .orElseThrow();
            assertThat(ids()).contains(published.eventId()).hasSizeBetween(before + 2, before + 3);
        }
    }

    @Test
    void closing_without_a_broker_ends_in_time_with_an_exact_report() {
        kafka = started(EmbeddedKafka.builder().proxied());
        closesWithAnExactReport(this::leave);
    }

    @Test
    @Tag("campaign")
    void closing_under_a_killed_broker_ends_in_time_with_an_exact_report() {
        kafka = child();
        try {
            closesWithAnExactReport(kafka::kill);
        } finally {
            kafka.restart();
        }
    }

    /** The events' own time is two minutes: ended by it, they would not be abandoned. */
    private void closesWithAnExactReport(Runnable goes) {
        CdpProducer producer = connect(Map.of());
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        acknowledged(pages.publish(new Shop.PageSeen("first")));
        goes.run();
        List<CompletableFuture<Published>> futures = IntStream.range(0, 200)
                .mapToObj(i -> pages.publish(new Shop.PageSeen("p" + i)))
                .toList();

        CloseReport report = producer.close(Duration.ofSeconds(1));

        assertThat(report).isEqualTo(new CloseReport(1, 0, 0, 0, 200));
        assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(futures).allSatisfy(f -> failure(f, PublishFailedException.class));
    }

    private void leave() {
        kafka.proxy().refuseConnections();
        kafka.proxy().resetConnections();
    }

    @Test
    void an_event_that_was_sent_and_then_abandoned_is_uncertain() {
        kafka = started(EmbeddedKafka.builder().proxied());
        CdpProducer producer = connect(Map.of("linger.ms", 0));
        EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
        acknowledged(pages.publish(new Shop.PageSeen("first")));
        kafka.proxy().dropResponses();
        CompletableFuture<Published> future = pages.publish(new Shop.PageSeen("sent"));
        awaitRecords(2);

        CloseReport report = producer.close(Duration.ofMillis(200));

        assertThat(report).isEqualTo(new CloseReport(1, 0, 0, 0, 1));
        failure(future, PublishUncertainException.class);
    }

    @Test
    void what_the_broker_refuses_has_failed() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("shop.page_seen", 1, Map.of("cleanup.policy", "compact"));
        kafka.createTopic("shop.cart_opened", 1, Map.of("max.message.bytes", "1000"));
        try (CdpProducer producer = connect(Map.of("compression.type", "none"))) {
            byte[] large = ("{\"cart\":\"" + "x".repeat(5_000) + "\"}").getBytes(StandardCharsets.UTF_8);

            PublishFailedException keyless = failure(
                    producer.publisher(Shop.PageSeen.class).publish(new Shop.PageSeen("no key")),
                    PublishFailedException.class);
            PublishFailedException tooLarge =
                    failure(producer.publishJson("cart_opened", large), PublishFailedException.class);

            assertThat(keyless).hasMessageContaining("InvalidRecordException");
            assertThat(tooLarge)
                    .hasMessageContaining("RecordTooLargeException")
                    .hasMessageContaining("max.message.bytes");
            assertThat(tooLarge.retryable()).isFalse();
        }
    }

    @Test
    void a_full_buffer_makes_publish_wait_no_longer_than_max_block_and_try_publish_not_at_all() {
        kafka = child();
        CdpProducer producer = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .bufferMemory(1 << 20)
                .maxBlock(Duration.ofMillis(300))
                .connect();
        EventPublisher<Shop.CartOpened> carts = producer.publisher(Shop.CartOpened.class);
        acknowledged(carts.publish(new Shop.CartOpened("c")));
        kafka.pause();
        try {
            Shop.CartOpened big = new Shop.CartOpened("c".repeat(10_000));
            int taken = 0;
            CompletableFuture<Published> last = carts.tryPublish(big);
            while (!last.isDone()) {
                taken++;
                assertThat(taken).isLessThan(1_000);
                last = carts.tryPublish(big);
            }
            BufferFullException full = failure(last, BufferFullException.class);
            long start = System.nanoTime();
            failure(carts.publish(big), BufferFullException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            assertThat(full.retryable()).isTrue();
            assertThat(full).hasMessageContaining("1048576 bytes");
            assertThat(taken).isGreaterThan(50);
            CloseReport report = producer.close(Duration.ZERO);
            assertThat(report).isEqualTo(new CloseReport(1, 0, 2, 0, taken));
        } finally {
            kafka.resume();
        }
    }

    /** Were either of the two the other, it would not end: there is no room until the broker answers again. */
    @Test
    void while_the_buffer_is_full_try_publish_returns_at_once_and_publish_waits_for_room() throws Exception {
        kafka = child();
        try (CdpProducer producer = CdpProducer.builder(Shop.CATALOG)
                .kafka(kafka.properties())
                .bufferMemory(1 << 20)
                .maxBlock(Duration.ofMinutes(10))
                .connect()) {
            EventPublisher<Shop.CartOpened> carts = producer.publisher(Shop.CartOpened.class);
            Shop.CartOpened big = new Shop.CartOpened("c".repeat(10_000));
            acknowledged(carts.publish(big));
            CompletableFuture<Published> published = new CompletableFuture<>();
            Thread publishing = new Thread(() -> published.complete(acknowledged(carts.publish(big))));
            kafka.pause();
            try {
                BufferFullException refused = CompletableFuture.supplyAsync(
                                () -> failure(tryUntilFull(carts, big), BufferFullException.class))
                        .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);

                assertThat(refused.retryable()).isTrue();
                publishing.start();
                while (publishing.getState() != Thread.State.TIMED_WAITING) {
                    assertThat(publishing.isAlive()).as("it waits").isTrue();
                    Thread.onSpinWait();
                }
            } finally {
                kafka.resume();
            }
            assertThat(published).succeedsWithin(Await.LIMIT);
        }
    }

    private static CompletableFuture<Published> tryUntilFull(
            EventPublisher<Shop.CartOpened> carts, Shop.CartOpened cart) {
        CompletableFuture<Published> tried = carts.tryPublish(cart);
        while (!tried.isDone()) {
            tried = carts.tryPublish(cart);
        }
        return tried;
    }

    @Test
    void a_topic_that_is_deleted_fails_its_events_and_is_looked_for_only_once() throws Exception {
        kafka = EmbeddedKafka.builder()
                .property("auto.create.topics.enable", "false")
                .start();
        kafka.createTopic("shop.page_seen", 1);
        kafka.createTopic("shop.cart_opened", 1);
        try (CdpProducer producer = connect(Map.of(
                        "metadata.max.age.ms", 100,
                        "linger.ms", 0,
                        "request.timeout.ms", 500,
                        "delivery.timeout.ms", 1_500));
                Admin admin = Admin.create(kafka.properties())) {
            EventPublisher<Shop.PageSeen> pages = producer.publisher(Shop.PageSeen.class);
            acknowledged(pages.publish(new Shop.PageSeen("first")));
            admin.deleteTopics(List.of("shop.page_seen")).all().get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
            PublishFailedException missing = awaitNotTaken(pages);
            for (int i = 0; i < 20; i++) {
                failure(pages.tryPublish(new Shop.PageSeen("p")), PublishFailedException.class);
            }

            assertThat(missing).hasMessageContaining("shop.page_seen");
            assertThat(missing.retryable()).isTrue();
            kafka.createTopic("shop.page_seen", 1);
            awaitTaken(pages);
        }
    }

    /** For a while after its deletion the client still knows the topic. */
    private static PublishFailedException awaitNotTaken(EventPublisher<Shop.PageSeen> pages) {
        while (true) {
            CompletableFuture<Published> future = pages.publish(new Shop.PageSeen("p"));
            if (future.isCompletedExceptionally()) {
                return failure(future, PublishFailedException.class);
            }
        }
    }

    private static void awaitTaken(EventPublisher<Shop.PageSeen> pages) {
        CompletableFuture<Published> future = pages.publish(new Shop.PageSeen("p"));
        while (future.isCompletedExceptionally()) {
            future = pages.publish(new Shop.PageSeen("p"));
        }
        acknowledged(future);
    }

    private static EmbeddedKafka child() {
        if (child == null) {
            child = started(EmbeddedKafka.builder().childProcess().proxied());
        }
        return child;
    }

    private static EmbeddedKafka started(EmbeddedKafka.Builder builder) {
        EmbeddedKafka kafka = builder.start();
        kafka.createTopic("shop.page_seen", 1);
        kafka.createTopic("shop.cart_opened", 1);
        return kafka;
    }

    private CdpProducer impatient() {
        return connect(Map.of(
                "linger.ms", 0,
                "request.timeout.ms", 500,
                "delivery.timeout.ms", 1_500));
    }

    private CdpProducer connect(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.putAll(more);
        return CdpProducer.connect(Shop.CATALOG, properties);
    }

    private void awaitRecords(int count) {
        Await.until("records in the topic", () -> ids().size(), size -> size >= count);
    }

    private List<String> ids() {
        return Shop.records(kafka, "shop.page_seen").stream()
                .map(r -> new String(r.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static Published acknowledged(CompletableFuture<Published> future) {
        assertThat(future).succeedsWithin(Await.LIMIT);
        return future.join();
    }

    private static <E extends Throwable> E failure(CompletableFuture<Published> future, Class<E> type) {
        ExecutionException e = catchThrowableOfType(
                ExecutionException.class, () -> future.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertThat(e).as("the future fails").isNotNull();
        assertThat(e.getCause()).isInstanceOf(type);
        return type.cast(e.getCause());
    }
}
