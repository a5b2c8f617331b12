package dev.cdp.consumer;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@CdpTest
class ConsumerMetricsTest {

    private static Map<String, Double> fates(SimpleMeterRegistry registry) {
        return registry.get("cdp.consume.records").tag("partition", "0").counters().stream()
                .collect(Collectors.toMap(counter -> counter.getId().getTag("fate"), Counter::count));
    }

    @Test
    void whatASinkHasReadIsStoredDeadLetteredIgnoredOrPending(EmbeddedKafka kafka) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AtomicBoolean down = new AtomicBoolean(true);
        try (Topics topics = new Topics(kafka, 1).withDeadLetters()) {
            topics.publishAll(10);
            topics.send(0, "k", "page_viewed", "{}");
            var unused = topics.producer.send(new ProducerRecord<>(topics.topic, 0, new byte[] {1}, null));
            topics.producer.flush();
            ConsumerMetrics metrics = ConsumerMetrics.in(registry, topics.catalog());
            try (ResilientConsumer consumer = topics.consumer()
                    .sink(batch -> {
                        if (down.get()) {
                            throw new IllegalStateException("down");
                        }
                        return SinkResult.stored(batch.events().size());
                    })
                    .listener(metrics)
                    .build()) {
                metrics.watch(consumer);
                consumer.start();
                Await.untilAsserted(() -> assertThat(
                                registry.get("cdp.consume.outages").gauge().value())
                        .as("an outage")
                        .isEqualTo(1));
                Await.untilAsserted(() -> assertThat(
                                registry.get("cdp.consume.buffered").gauge().value())
                        .as("all but the dead letter is pending")
                        .isEqualTo(11));
                assertThat(fates(registry)).isEqualTo(Map.of("READ", 12.0, "DEAD_LETTERED", 1.0));
                down.set(false);
                topics.awaitLagZero();
                Await.untilAsserted(() -> assertThat(
                                registry.get("cdp.consume.buffered").gauge().value())
                        .as("nothing is pending")
                        .isEqualTo(0));
            }
        }
        assertThat(fates(registry))
                .isEqualTo(Map.of("READ", 12.0, "PROCESSED", 10.0, "DEAD_LETTERED", 1.0, "IGNORED", 1.0));
        assertThat(registry.get("cdp.consume.rows").counter().count()).isEqualTo(10);
    }

    @Test
    void whatHappensIsCountedUnderTagsThatTheCatalogBounds(EmbeddedKafka kafka) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Topics topics = new Topics(kafka, 1).withDeadLetters()) {
            topics.publishAll(10);
            topics.send(0, "k", "page_viewed", "{}");
            for (int i = 0; i < 20; i++) {
                topics.send(0, "k", "made-up-" + i, "{}");
            }
            topics.producer.flush();
            Catalog catalog = topics.catalog();
            ConsumerMetrics metrics = ConsumerMetrics.in(registry, catalog);
            try (ResilientConsumer consumer = topics.consumer()
                    .retry(RetryPolicy.exponential(2, Duration.ofMillis(1)))
                    .handle(Topics.PageViewed.class, (event, delivery) -> {
                        if (event.payload().ordinal() == 3 && delivery.attempt() == 1) {
                            throw new IllegalStateException("once");
                        }
                    })
                    .listener(metrics)
                    .build()) {
                metrics.watch(consumer);
                consumer.start();
                topics.awaitLagZero();
                Await.untilAsserted(
                        () -> assertThat(registry.get("cdp.consume.lag").gauge().value())
                                .as("the lag's gauge is 0")
                                .isEqualTo(0));
                assertThat(registry.get("cdp.consume.running").gauge().value()).isEqualTo(1);
            }
        }
        assertThat(fates(registry)).isEqualTo(Map.of("READ", 31.0, "PROCESSED", 10.0, "DEAD_LETTERED", 21.0));
        assertThat(registry.get("cdp.consume")
                        .tag("event", "page_viewed")
                        .timer()
                        .count())
                .isEqualTo(10);
        assertThat(registry.get("cdp.consume.retried")
                        .tag("reason", "IllegalStateException")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("cdp.consume.dead_lettered")
                        .tag("reason", "INVALID")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("cdp.consume.dead_lettered")
                        .tag("event", "unknown")
                        .counter()
                        .count())
                .isEqualTo(20);
        Set<String> events = new HashSet<>();
        for (Meter meter : registry.getMeters()) {
            for (Tag tag : meter.getId().getTags()) {
                events.add(tag.getValue());
            }
        }
        assertThat(events).noneMatch(value -> value.startsWith("made-up"));
    }
}
