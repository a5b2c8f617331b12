package dev.cdp.consumer;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a loader makes of what it finds at its start: plans, offsets and rows of whoever was there before. */
@CdpTest
class SinkStartTest {

    private Topics topics;
    private final OnceStore store = new OnceStore();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 2).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void whoComesAfterADeathBetweenPlanAndWriteWritesTheSameBatchWhateverTodaysLimitsAre() {
        topics.publishAll(300);
        Map<Integer, BatchId> planned = new ConcurrentHashMap<>();
        try (ResilientConsumer dying = topics.consumer()
                .sink(batch -> {
                    planned.putIfAbsent(batch.id().partition(), batch.id());
                    throw new OnceStore.Stop();
                })
                .build()) {
            assertThatThrownBy(dying::run)
                    .isInstanceOf(ConsumerStoppedException.class)
                    .hasMessageContaining("beyond repair");
            assertThat(dying.health().state()).isEqualTo(ConsumerState.STOPPED);
        }
        try (ResilientConsumer successor = topics.consumer()
                .batches(new BatchLimits(7, 1 << 20, Duration.ofMillis(10)))
                .sink(store)
                .build()) {
            successor.start();
            topics.awaitLagZero();
        }
        assertThat(planned).isNotEmpty();
        assertThat(store.batches).containsKeys(planned.values().toArray(BatchId[]::new));
        assertThat(store.rows()).isEqualTo(OnceStore.rows(150));
    }

    @Test
    void whoComesAfterADeathBetweenWriteAndCommitStoresNothingTwice() {
        topics.publishAll(300);
        FaultyClient client = new FaultyClient();
        ConsumerBuilder builder = new ConsumerBuilder(topics.catalog(), client::connect)
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .batches(new BatchLimits(50, 1 << 20, Duration.ofMillis(20)))
                .sink(batch -> {
                    SinkResult result = store.write(batch);
                    if (store.writes.size() >= 3) {
                        client.crash();
                    }
                    return result;
                });
        try (ResilientConsumer dying = builder.build()) {
            dying.start();
            Await.untilAsserted(
                    () -> assertThat(dying.health().state()).as("it died").isEqualTo(ConsumerState.STOPPED));
        }
        try (ResilientConsumer successor = topics.consumer().sink(store).build()) {
            successor.start();
            topics.awaitLagZero();
        }
        assertThat(store.writes.size()).isGreaterThan(store.batches.size());
        assertThat(store.rows()).isEqualTo(OnceStore.rows(150));
    }

    @Test
    void anOffsetThatAnotherToolSetStopsTheConsumerUntilSomebodyAdoptsIt() throws Exception {
        topics.publishAll(100);
        topics.admin
                .alterConsumerGroupOffsets(
                        topics.group, Map.of(new TopicPartition(topics.topic, 0), new OffsetAndMetadata(10)))
                .all()
                .get();
        try (ResilientConsumer consumer = topics.consumer().sink(store).build()) {
            assertThatThrownBy(consumer::run)
                    .isInstanceOf(ConsumerStoppedException.class)
                    .hasMessageContaining("the committed offset 10 of " + topics.topic + "-0")
                    .hasMessageContaining("Two ways out")
                    .hasMessageContaining("foreignOffsets(ADOPT)")
                    .hasMessageContaining("replay(");
        }
        assertThat(store.writes).allMatch(id -> id.partition() == 1);
        try (ResilientConsumer consumer = topics.consumer()
                .foreignOffsets(ForeignOffsets.ADOPT)
                .replay(1)
                .sink(store)
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(store.rows()).contains("0@10").doesNotContain("0@9");
        assertThat(store.writes).anyMatch(id -> id.partition() == 0 && id.replay() == 1);
    }

    @Test
    void aBatchThatAnotherCatalogLeftOpenStopsTheConsumerUntilSomebodyAdoptsIt() throws Exception {
        topics.publishAll(100);
        try (ResilientConsumer dying = topics.consumer()
                .sink(batch -> {
                    Await.until("both partitions are planned", () -> topics.planned(0) && topics.planned(1));
                    throw new OnceStore.Stop();
                })
                .build()) {
            assertThatThrownBy(dying::run).isInstanceOf(ConsumerStoppedException.class);
        }
        Map<TopicPartition, OffsetAndMetadata> left = topics.committed();
        try (ResilientConsumer other = otherCatalog().sink(store).build()) {
            assertThatThrownBy(other::run)
                    .isInstanceOf(ConsumerStoppedException.class)
                    .hasMessageContaining("was left open by catalog")
                    .hasMessageContaining("start once with that catalog");
        }
        assertThat(store.writes).isEmpty();
        assertThat(topics.committed()).isEqualTo(left);
        try (ResilientConsumer adopting =
                otherCatalog().foreignOffsets(ForeignOffsets.ADOPT).sink(store).build()) {
            adopting.start();
            topics.awaitLagZero();
        }
        assertThat(store.rows()).isEqualTo(OnceStore.rows(50));
    }

    private ConsumerBuilder otherCatalog() {
        return new ConsumerBuilder(topics.catalog("warn"), new FaultyClient()::connect)
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .commitInterval(Duration.ofMillis(50));
    }

    @Test
    void aGroupWithoutOffsetsStopsWhereTheSinkHoldsRowsOfThePartition() {
        topics.publishAll(100);
        try (ResilientConsumer consumer = topics.consumer().sink(store).build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        int writes = store.writes.size();
        try (ResilientConsumer renamed =
                topics.consumer().group(topics.group + "-renamed").sink(store).build()) {
            assertThatThrownBy(renamed::run)
                    .isInstanceOf(ConsumerStoppedException.class)
                    .hasMessageContaining("the group has committed nothing for " + topics.topic + "-")
                    .hasMessageContaining("already holds rows of it from offset 0 on")
                    .hasMessageContaining("foreignOffsets(ADOPT)")
                    .hasMessageContaining("raise replay(");
        }
        assertThat(store.writes).hasSize(writes);
        String again = topics.group + "-again";
        try (ResilientConsumer wanted =
                topics.consumer().group(again).replay(1).sink(store).build()) {
            wanted.start();
            Await.untilAsserted(
                    () -> assertThat(store.rows()).as("all are stored again").hasSize(200));
        }
    }

    @Test
    void aSinkThatCannotTellWhatItHoldsIsAskedUntilItCan() {
        topics.publishAll(100);
        AtomicInteger asked = new AtomicInteger();
        EventSink slow = new EventSink() {
            @Override
            public SinkResult write(EventBatch batch) {
                return store.write(batch);
            }

            @Override
            public boolean holds(UUID topicId, int partition, long from, int replay) {
                if (asked.incrementAndGet() <= 3) {
                    throw new IllegalStateException("connection refused");
                }
                return false;
            }
        };
        try (ResilientConsumer consumer = topics.consumer().sink(slow).build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(asked).hasValueGreaterThan(3);
        assertThat(store.rows()).isEqualTo(OnceStore.rows(50));
    }

    @Test
    void aPlanOfAnotherTopicOfThatNameIsForeign() throws Exception {
        topics.publishAll(100);
        Envelope other = new Envelope(
                CommitText.groupHash(topics.group),
                UUID.randomUUID(),
                10,
                20,
                Envelope.NO_EPOCH,
                0,
                "0123456789ab",
                "dev",
                new TreeSet<>());
        topics.admin
                .alterConsumerGroupOffsets(
                        topics.group,
                        Map.of(new TopicPartition(topics.topic, 0), new OffsetAndMetadata(10, other.text())))
                .all()
                .get();
        try (ResilientConsumer consumer = topics.consumer().sink(store).build()) {
            assertThatThrownBy(consumer::run).hasMessageContaining("another topic of that name");
        }
    }

    @Test
    void latestBeginsAtTheEndAndSaysSoInACommit() {
        topics.publishAll(100);
        Map<String, Object> properties = topics.properties();
        properties.put("auto.offset.reset", "latest");
        try (ResilientConsumer consumer =
                topics.consumer().kafka(properties).sink(store).build()) {
            consumer.start();
            topics.awaitLagZero();
            topics.publishAll(10);
            topics.awaitLagZero();
        }
        assertThat(store.rows()).hasSize(10).contains("0@50", "1@54");
    }
}
