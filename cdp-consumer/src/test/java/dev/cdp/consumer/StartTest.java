package dev.cdp.consumer;

import java.util.Map;

import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
class StartTest {

    private Topics topics;

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 3);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void withoutItsDeadLetterTopicItRefusesAndSaysHowToCreateIt() {
        try (ResilientConsumer consumer = handling(topics.consumer()).build()) {
            assertThatThrownBy(consumer::run)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("dead letter topic " + topics.deadLetters() + " does not exist")
                    .hasMessageContaining("kafka-topics.sh --bootstrap-server " + topics.kafka.bootstrapServers()
                            + " --create --topic " + topics.deadLetters() + " --partitions 3");
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.STOPPED);
            assertThat(consumer.health().cause()).isPresent();
        }
    }

    @Test
    void createsItsDeadLetterTopicWhenToldTo() throws Exception {
        try (ResilientConsumer consumer = handling(topics.consumer())
                .deadLetterTopics(DeadLetterTopics.CREATE)
                .build()) {
            consumer.start();
            topics.send(0, "k", "", "poison");
            topics.awaitLagZero();
        }
        assertThat(topics.names()).contains(topics.deadLetters());
        assertThat(topics.read(topics.deadLetters())).hasSize(1);
    }

    @Test
    void aMissingSourceTopicIsNamed() {
        try (ResilientConsumer consumer = handling(topics.withDeadLetters().consumer())
                .topics("no-such-topic")
                .build()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("topic no-such-topic does not exist")
                    .hasMessageContaining("--create --topic no-such-topic");
        }
    }

    @Test
    void anAddressWithoutABrokerIsToldSoon() {
        try (ResilientConsumer consumer = handling(topics.consumer())
                .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                .build()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("no Kafka broker answers at 127.0.0.1:1");
        }
    }

    @Test
    void aHostThatDoesNotExistIsToldSoon() {
        try (ResilientConsumer consumer = handling(topics.consumer())
                .kafka(Map.of("bootstrap.servers", "no-such-host.invalid:9092"))
                .build()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("No resolvable bootstrap urls");
        }
    }

    @Test
    void kafkaPropertiesThatWouldBreakAPromiseAreRefusedByName() {
        refuses("enable.auto.commit", "true");
        refuses("value.deserializer", "com.example.Mine");
        refuses("group.id", "another");
        refuses("auto.offset.reset", "by_duration:PT1H");
        assertThatThrownBy(() -> topics.consumer()
                        .kafka(with("isolation.level", "read_uncommitted"))
                        .sink(batch -> SinkResult.stored(0))
                        .build())
                .hasMessageContaining("isolation.level is refused");
    }

    private void refuses(String property, Object value) {
        assertThatThrownBy(() ->
                        handling(topics.consumer().kafka(with(property, value))).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Kafka property " + property + " is refused: ");
    }

    private Map<String, Object> with(String property, Object value) {
        Map<String, Object> properties = topics.properties();
        properties.put(property, value);
        return properties;
    }

    @Test
    void eitherHandlersOrASinkAndOnlyOfEventsThatAreRead() {
        assertThatThrownBy(() -> topics.consumer().build()).hasMessageContaining("either handlers or a sink");
        assertThatThrownBy(() -> handling(topics.consumer())
                        .sink(batch -> SinkResult.stored(0))
                        .build())
                .hasMessageContaining("either handlers or a sink");
        assertThatThrownBy(() -> topics.consumer()
                        .handle(PageVieved.class, (event, delivery) -> {})
                        .build())
                .hasMessageContaining("did you mean 'page_viewed'?");
    }

    private record PageVieved() {}

    @Test
    void closesWithoutEverStarting() {
        ResilientConsumer consumer = handling(topics.consumer()).build();
        assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 0, 0, 0, 0));
        assertThat(consumer.health().state()).isEqualTo(ConsumerState.CLOSED);
        assertThatThrownBy(consumer::start).isInstanceOf(IllegalStateException.class);
    }

    private static ConsumerBuilder handling(ConsumerBuilder builder) {
        return builder.handle(Topics.PageViewed.class, (event, delivery) -> {});
    }
}
