package dev.cdp.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.producer.BufferFullException;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventMismatchException;
import dev.cdp.producer.EventPublisher;
import dev.cdp.producer.InvalidEventException;
import dev.cdp.producer.PublishOptions;
import dev.cdp.producer.Published;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
final class RecordingPublisherTest {

    private static final Catalog CATALOG = Catalog.fromClasspath("cdp/cdp.yaml");
    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

    private final RecordingPublisher<OrderPlaced> orders =
            RecordingPublisher.of(CATALOG, OrderPlaced.class, InstantSource.fixed(NOW));

    @Test
    void whatIsPublishedIsKeptAsItWouldBeOnTheWire() {
        Instant placedAt = NOW.minusSeconds(60);

        CompletableFuture<Published> future = orders.publish(
                new OrderPlaced("o-1", placedAt, 1_999, null),
                PublishOptions.builder().id("id-1").header("tenant", "eu").build());

        assertThat(future.join()).isEqualTo(new Published("shop.order_placed", 0, 0, "id-1", placedAt));
        EventAssert.assertThat(orders.onlyEvent())
                .isValid()
                .hasType("order_placed")
                .hasId("id-1")
                .hasKey("o-1")
                .hasSubject("order:o-1")
                .hasTime(placedAt)
                .hasHeader("tenant", "eu")
                .hasField("/order_id", "o-1")
                .hasField("/amount_cents", 1_999)
                .hasNoField("/coupon");
    }

    @Test
    void whatTheCallerSaysGoesBeforeThePayload() {
        orders.publish(
                        new OrderPlaced("o-1", NOW, 1, null),
                        PublishOptions.builder().key("k-1").id("id-1").build())
                .join();

        EventAssert.assertThat(orders.onlyEvent()).hasKey("k-1").hasId("id-1").hasSubject("order:o-1");
    }

    @Test
    void anAssertionThatDoesNotHoldSaysWhatWasFound() {
        orders.publish(new OrderPlaced("o-1", NOW, 1, null)).join();
        EventAssert event = EventAssert.assertThat(orders.onlyEvent());

        assertThatThrownBy(() -> event.hasKey("o-2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("o-1");
        assertThatThrownBy(() -> event.hasField("/amount_cents", 2)).hasMessageContaining("to be 2, found 1");
        assertThatThrownBy(() -> event.hasField("/amount_cents", "1")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> event.hasField("/coupon", "x")).hasMessageContaining("it has none");
        assertThatThrownBy(() -> event.hasNoField("/order_id")).hasMessageContaining("o-1");
        assertThatThrownBy(() -> event.hasType("order")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> event.hasTime(NOW.plusMillis(1))).isInstanceOf(AssertionError.class);
    }

    @Test
    void anInvalidEventIsRejectedAndOneInModeWarnIsKept() {
        CompletableFuture<Published> rejected = orders.publish(new OrderPlaced("", NOW, -1, null));
        RecordingPublisher<byte[]> pages = RecordingPublisher.ofJson(CATALOG, "page_seen");
        pages.publish("{}".getBytes(StandardCharsets.UTF_8)).join();

        assertThat(rejected).isCompletedExceptionally();
        assertThat(orders.events()).isEmpty();
        assertThat(orders.rejections())
                .singleElement()
                .satisfies(why -> assertThat(why).hasMessageContaining("/amount_cents"));
        assertThatThrownBy(orders::onlyEvent).hasMessageContaining("found 0 and 1 that were rejected");
        assertThatThrownBy(() -> EventAssert.assertThat(pages.onlyEvent()).isValid())
                .hasMessageContaining("page");
    }

    @Test
    void theNextEventFailsAsItIsTold() {
        orders.failNext(new BufferFullException("full"));

        assertThat(orders.tryPublish(new OrderPlaced("o-1", NOW, 1, null))).isCompletedExceptionally();
        orders.publish(new OrderPlaced("o-2", NOW, 1, null)).join();

        EventAssert.assertThat(orders.onlyEvent()).hasKey("o-2");
    }

    @Test
    @Timeout(60) // one that waits where it must not would wait for ever
    void whileItIsFullTryPublishFailsAtOnceAndPublishWaits() throws Exception {
        orders.fill();

        assertThat(orders.tryPublish(new OrderPlaced("o-1", NOW, 1, null)))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(BufferFullException.class);
        CompletableFuture<Published> waiting = new CompletableFuture<>();
        Thread publishing = new Thread(() -> waiting.complete(
                orders.publish(new OrderPlaced("o-2", NOW, 1, null)).join()));
        publishing.start();
        while (publishing.getState() != Thread.State.WAITING) {
            assertThat(publishing.isAlive()).as("it waits").isTrue();
            Thread.onSpinWait();
        }
        orders.drain();

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(30));
        EventAssert.assertThat(orders.onlyEvent()).hasKey("o-2");
    }

    @Test
    void aClassThatTheSchemaRefusesIsRefusedAtOnce() {
        record PageSeen(int page) {}

        assertThatThrownBy(() -> RecordingPublisher.of(CATALOG, PageSeen.class))
                .isInstanceOf(EventMismatchException.class)
                .hasMessageContaining("/page");
    }

    /** The same events to both: the same verdict, key, time and bytes. */
    @Test
    void itsVerdictsAreTheRealPublishers(EmbeddedKafka kafka) throws Exception {
        kafka.createTopic("shop.order_placed", 1);
        Instant now = Instant.now();
        List<OrderPlaced> events = new ArrayList<>(List.of(
                new OrderPlaced("o-1", now, 1, null),
                new OrderPlaced("", now, 1, null),
                new OrderPlaced("o-2", now, 1L << 32, "c"),
                new OrderPlaced("o-3", now.minus(Duration.ofDays(31)), 1, null),
                new OrderPlaced("o-4", now.plus(Duration.ofDays(2)), 1, null)));
        events.add(new OrderPlaced(null, now, 1, null));
        events.add(new OrderPlaced("o-5", null, 1, null));
        RecordingPublisher<OrderPlaced> recording = RecordingPublisher.of(CATALOG, OrderPlaced.class);
        try (CdpProducer producer = CdpProducer.connect(CATALOG, kafka.properties())) {
            EventPublisher<OrderPlaced> real = producer.publisher(OrderPlaced.class);
            for (OrderPlaced event : events) {
                assertThat(verdict(recording.publish(event)))
                        .as(Objects.toString(event))
                        .isEqualTo(verdict(real.publish(event)));
            }
        }
        assertThat(recording.events()).hasSize(1);
        assertThat(recording.rejections()).hasSize(6);
    }

    private static String verdict(CompletableFuture<Published> future) throws InterruptedException, TimeoutException {
        try {
            Published published = future.get(30, TimeUnit.SECONDS);
            return published.topic() + " " + published.time();
        } catch (ExecutionException e) {
            return ((InvalidEventException) e.getCause()).report().toString();
        }
    }
}
