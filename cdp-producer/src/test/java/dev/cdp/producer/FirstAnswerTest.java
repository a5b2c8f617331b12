package dev.cdp.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cdp.core.event.EventIds;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.embedded.Await;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kafka's client without a producer id answers for nothing, as its mock does until it is told to. A real one comes into
 * that state by chance only: {@link AccountingTest}.
 */
final class FirstAnswerTest {

    private static final Duration PATIENCE = Await.LIMIT;

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Listeners listeners = new Listeners(List.of());
    private final PublishSession session =
            new PublishSession(1 << 20, Duration.ofMillis(100), Runnable::run, listeners);
    private final EventPublisher<byte[]> pages = new KafkaEventPublisher<>(
            Shop.CATALOG.event("page_seen").orElseThrow(),
            byte[].class::cast,
            new PublishPath(
                    List.of(),
                    new InvalidEvents(Shop.CATALOG, EventValidator.of(Shop.CATALOG), Map.of(), listeners),
                    new Envelope.Maker(Shop.CATALOG, EventIds.system(), InstantSource.system()),
                    new RecordSender(kafka, session),
                    session),
            Duration.ZERO);

    @Test
    void anEventThatGetsNoAnswerIsUncertainInTimeAndKeepsItsMemoryForAsLongAsKafkaHoldsIt() {
        List<CompletableFuture<Published>> taken = fill();

        assertThat(taken)
                .hasSizeGreaterThan(5)
                .allSatisfy(future -> assertThat(future)
                        .failsWithin(PATIENCE)
                        .withThrowableThat()
                        .withCauseInstanceOf(PublishUncertainException.class));
        while (!session.firstAnswer().nothingWaitsSince(System.nanoTime())) {
            Thread.onSpinWait(); // An event's future ends a moment before it is no longer waited for.
        }
        assertThat(session.report()).isEqualTo(new CloseReport(0, 0, 1, taken.size(), 0));
        assertThat(pages.tryPublish(page())).isCompletedExceptionally();

        while (kafka.completeNext()) {
            // Kafka lets go of one after another, long after their futures ended.
        }

        assertThat(session.report()).isEqualTo(new CloseReport(0, 0, 2, taken.size(), 0));
        assertThat(fill()).as("all of the memory is free again").hasSameSizeAs(taken);
        assertThat(session.firstAnswer().hasCome()).isTrue();
    }

    @Test
    void fromTheFirstAnswerOnExpiryIsKafkas() {
        CompletableFuture<Published> first = pages.publish(page());
        CompletableFuture<Published> second = pages.publish(page());

        kafka.completeNext();
        CompletableFuture<Published> third = pages.publish(page());

        assertThat(first).isCompleted();
        session.firstAnswer().awaitedBy(new Pending("page_seen", "shop.page_seen", session));
        assertThat(session.firstAnswer().nothingWaitsSince(System.nanoTime())).isFalse();
        kafka.completeNext();
        kafka.completeNext();
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertThat(session.report()).isEqualTo(new CloseReport(3, 0, 0, 0, 0));
    }

    private List<CompletableFuture<Published>> fill() {
        List<CompletableFuture<Published>> taken = new ArrayList<>();
        CompletableFuture<Published> next = pages.tryPublish(page());
        while (!next.isCompletedExceptionally()) {
            taken.add(next);
            next = pages.tryPublish(page());
        }
        return taken;
    }

    private static byte[] page() {
        return ("{\"page\":\"" + "x".repeat(100_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
