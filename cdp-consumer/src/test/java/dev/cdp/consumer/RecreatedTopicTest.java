package dev.cdp.consumer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A topic is deleted and created again under a consumer with handlers. */
@CdpTest
final class RecreatedTopicTest {

    private static final int OLD = 20;

    private Topics topics;
    private final List<Integer> handled = new CopyOnWriteArrayList<>();
    private final List<String> outages = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
        topics.publishAll(OLD);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    /** Fewer records than were read of the former topic, and more. */
    @ParameterizedTest
    @ValueSource(ints = {5, 60})
    void nothingOfTheNewTopicIsSkippedWhileTheConsumerRuns(int records) throws Exception {
        try (ResilientConsumer consumer = consumer("earliest")) {
            consumer.start();
            Await.until("the former topic is read", () -> topics.lag() == 0);
            recreate(records);
            awaitAllOfTheNewTopic(consumer, records);
        }
    }

    @Test
    void norWhereItIsCreatedWhileNobodyRunsAndTheGroupReadsTheLatest() throws Exception {
        try (ResilientConsumer consumer = consumer("earliest")) {
            consumer.start();
            Await.until("the former topic is read", () -> topics.lag() == 0);
        }
        OffsetAndMetadata former = topics.committed(0);
        recreate(60);
        // The broker forgets the offsets of a deleted topic; a commit that was on its way brings them back.
        topics.admin
                .alterConsumerGroupOffsets(topics.group, Map.of(new TopicPartition(topics.topic, 0), former))
                .all()
                .get();
        try (ResilientConsumer consumer = consumer("latest")) {
            consumer.start();
            awaitAllOfTheNewTopic(consumer, 60);
        }
    }

    private void awaitAllOfTheNewTopic(ResilientConsumer consumer, int records) {
        Await.until(
                "all of the new topic is handled",
                () -> List.of(handled, consumer.health()),
                seen -> handled.stream()
                                .filter(ordinal -> ordinal >= 1_000)
                                .distinct()
                                .count()
                        == records);
        Await.until("committed", topics::lag, lag -> lag == 0);
        assertThat(topics.committed(0).offset()).isEqualTo(records);
        assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
        assertThat(outages).contains("topic " + topics.topic);
        Await.until("no outage", consumer::health, health -> health.outages().isEmpty());
    }

    private void recreate(int records) throws Exception {
        topics.admin.deleteTopics(List.of(topics.topic)).all().get();
        Await.until("deleted", () -> !topics.names().contains(topics.topic), gone -> gone);
        topics.kafka.createTopic(topics.topic, 1);
        for (int i = 0; i < records; i++) {
            topics.publish(0, 1_000 + i);
        }
        topics.producer.flush();
    }

    private ResilientConsumer consumer(String reset) {
        Map<String, Object> properties = topics.properties();
        properties.put("auto.offset.reset", reset);
        return topics.consumer()
                .kafka(properties)
                .listener(new ConsumerListener() {
                    @Override
                    public void outageBegan(Outage outage) {
                        outages.add(outage.what());
                    }
                })
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build();
    }
}
