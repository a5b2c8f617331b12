package dev.cdp.consumer;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A sink that is away for long or slow, and a clock that jumps. An outage lasts 1 s by default; {@code
 * -Dcdp.fault.seconds=60} makes it long.
 */
@CdpTest
class SinkFaultTest {

    private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("cdp.fault.seconds", 1));
    private static final int RECORDS = 5_000;

    private Topics topics;
    private final Set<String> rows = ConcurrentHashMap.newKeySet();
    private final AtomicInteger stored = new AtomicInteger();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 2).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private SinkResult store(EventBatch batch) {
        batch.events().forEach(event -> rows.add(batch.id().partition() + "@" + event.offset()));
        stored.addAndGet(batch.events().size());
        return SinkResult.stored(batch.events().size());
    }

    /** I12: lag rises, what is held is bounded, nothing is skipped or dead-lettered; and it resumes alone. */
    @Test
    void whileASinkIsAwayLagRisesMemoryDoesNotAndNothingIsSkipped() {
        AtomicBoolean down = new AtomicBoolean();
        String noise = "x".repeat(1_000);
        try (ResilientConsumer consumer = topics.consumer()
                .bufferedBytes(1 << 20)
                .sink(batch -> {
                    if (down.get()) {
                        throw new UncheckedIOException(new ConnectException());
                    }
                    return store(batch);
                })
                .build()) {
            consumer.start();
            topics.publishAll(100);
            topics.awaitLagZero();
            down.set(true);
            for (int i = 100; i < RECORDS; i++) {
                topics.send(i % 2, "k", "page_viewed", "{\"page_id\":\"" + noise + "\",\"ordinal\":" + i + "}");
            }
            topics.producer.flush();
            Await.untilAsserted(() ->
                    assertThat(consumer.health().outages()).as("an outage").isNotEmpty());
            long until = System.nanoTime() + FAULT.toNanos();
            do {
                int held = consumer.health().partitions().stream()
                        .mapToInt(PartitionHealth::buffered)
                        .sum();
                assertThat(held)
                        .as("records of 1 KB that are held, of 1 MB and a fetch")
                        .isLessThan(3_000);
                assertThat(topics.lag()).isGreaterThan(RECORDS - 200);
                LockSupport.parkNanos(100_000_000L);
            } while (System.nanoTime() - until < 0);
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
            down.set(false);
            topics.awaitLagZero();
            Await.untilAsserted(() ->
                    assertThat(consumer.health().outages()).as("no outage").isEmpty());
        }
        assertThat(rows).hasSize(RECORDS);
        assertThat(stored).hasValue(RECORDS);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    /** I7, I13: a write that takes longer than {@code max.poll.interval.ms} costs no membership and no other partition. */
    @Test
    void aSinkThatIsSlowerThanThePollIntervalHoldsUpNoOtherPartitionAndStoresOnce() {
        topics.publishAll(100);
        Map<String, Object> kafka = topics.properties();
        kafka.put("max.poll.interval.ms", 1_000);
        FaultyClient client = new FaultyClient();
        AtomicBoolean slow = new AtomicBoolean(true);
        AtomicInteger otherBefore = new AtomicInteger();
        try (ResilientConsumer consumer = new ConsumerBuilder(topics.catalog(), client::connect)
                .kafka(kafka)
                .group(topics.group)
                .topics(topics.topic)
                .commitInterval(Duration.ofMillis(50))
                .batches(new BatchLimits(50, 1 << 20, Duration.ofMillis(20)))
                .sink(batch -> {
                    if (batch.id().partition() == 0 && slow.getAndSet(false)) {
                        LockSupport.parkNanos(2_500_000_000L);
                        otherBefore.set((int) rows.stream()
                                .filter(row -> row.startsWith("1@"))
                                .count());
                    }
                    return store(batch);
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 100, 0, 0, 0));
        }
        assertThat(otherBefore).as("rows of the other partition meanwhile").hasValue(50);
        assertThat(stored).hasValue(100);
        assertThat(client.joins).hasValue(1);
    }

    /** What is waited for is measured by a clock that cannot be set: commits, retries, circuits, runs. */
    @Test
    void aClockThatJumpsByDaysMovesNoRetryAndNoCommit() {
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
        AtomicInteger failures = new AtomicInteger();
        List<Duration> jumps = List.of(Duration.ofDays(-2), Duration.ofDays(5), Duration.ofDays(-400));
        topics.publishAll(10);
        try (ResilientConsumer consumer = topics.consumer()
                .clock(clock::get)
                .retry(RetryPolicy.exponential(4, Duration.ofMillis(50)))
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (delivery.attempt() <= jumps.size()) {
                        clock.updateAndGet(now -> now.plus(jumps.get(delivery.attempt() - 1)));
                        failures.incrementAndGet();
                        throw new IllegalStateException("attempt " + delivery.attempt());
                    }
                    rows.add(delivery.toString());
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
        }
        assertThat(rows).hasSize(10);
        assertThat(failures).hasValue(30);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }
}
