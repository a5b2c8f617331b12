package dev.cdp.consumer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;

import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A log that was cut and has grown again has records of a later leader where older ones were. Here the leader changes
 * after ten records by a restart of the broker, and a commit or a plan is made up that knows only the first leader.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogCutTest {

    private EmbeddedKafka kafka;
    private Topics topics;
    private UUID topicId;
    private int firstEpoch;

    @BeforeAll
    void start() throws Exception {
        kafka = EmbeddedKafka.start();
        Topics before = new Topics(kafka, 1).withDeadLetters();
        before.publishAll(10);
        kafka.restart();
        before.publishAll(10);
        topics = before;
        List<ConsumerRecord<byte[], byte[]>> records = topics.read(topics.topic);
        firstEpoch = records.get(0).leaderEpoch().orElseThrow();
        assertThat(records.get(19).leaderEpoch().orElseThrow()).isGreaterThan(firstEpoch);
        var id = topics.admin
                .describeTopics(List.of(topics.topic))
                .allTopicNames()
                .get()
                .get(topics.topic)
                .topicId();
        topicId = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    @AfterAll
    void stop() {
        topics.close();
        kafka.close();
    }

    @Test
    void aPlanWhoseRecordsAreOfALaterLeaderStops() throws Exception {
        String group = "plan-" + topics.group;
        commit(group, new OffsetAndMetadata(5, plan(group, 5, 15, firstEpoch)));
        try (ResilientConsumer consumer = consumer(group)
                .sink(batch -> {
                    throw new ConsumerStoppedException(batch + " is written", new AssertionError());
                })
                .build()) {
            assertThatThrownBy(consumer::run)
                    .isInstanceOf(ConsumerStoppedException.class)
                    .hasMessageContaining("was planned from records of leader epoch " + firstEpoch)
                    .hasMessageContaining("it was cut");
        }
    }

    @Test
    void aCommittedOffsetBeyondWhereItsLeaderEndedStops() throws Exception {
        String group = "offset-" + topics.group;
        commit(group, new OffsetAndMetadata(15, Optional.of(firstEpoch), plan(group, 15, 15, Envelope.NO_EPOCH)));
        try (ResilientConsumer consumer = consumer(group)
                .sink(batch -> SinkResult.stored(batch.events().size()))
                .build()) {
            assertThatThrownBy(consumer::run)
                    .isInstanceOf(ConsumerStoppedException.class)
                    .hasMessageContaining("was cut below the committed offset");
        }
    }

    @Test
    void whatWasReadUnderBothLeadersGoesOn() {
        String group = "both-" + topics.group;
        ConcurrentSkipListSet<Long> stored = new ConcurrentSkipListSet<>();
        for (int run = 0; run < 2; run++) {
            int end = 20 + 5 * run;
            try (ResilientConsumer consumer = consumer(group)
                    .batches(new BatchLimits(3, 1 << 20, java.time.Duration.ofMillis(10)))
                    .sink(batch -> {
                        batch.events().stream().map(SinkEvent::offset).forEach(stored::add);
                        return SinkResult.stored(batch.events().size());
                    })
                    .build()) {
                consumer.start();
                Await.untilAsserted(
                        () -> assertThat(stored).as("all are stored").hasSizeGreaterThanOrEqualTo(end));
            }
            topics.publishAll(run == 0 ? 5 : 0);
        }
        assertThat(stored).hasSizeGreaterThanOrEqualTo(25);
    }

    private ConsumerBuilder consumer(String group) {
        return topics.consumer().group(group);
    }

    private String plan(String group, long first, long end, int epoch) {
        return new Envelope(
                        CommitText.groupHash(group),
                        topicId,
                        first,
                        end,
                        epoch,
                        0,
                        topics.catalog().hash().substring(0, 12),
                        "dev",
                        new TreeSet<>())
                .text();
    }

    private void commit(String group, OffsetAndMetadata offset) throws Exception {
        topics.admin
                .alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topics.topic, 0), offset))
                .all()
                .get();
    }
}
