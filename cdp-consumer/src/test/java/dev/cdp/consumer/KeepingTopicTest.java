package dev.cdp.consumer;

import java.util.List;
import java.util.Map;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Dead letter topics whose settings lose or refuse dead letters. */
@CdpTest
final class KeepingTopicTest {

    private Topics topics;

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy,compact",
        "cleanup.policy,'compact,delete'",
        "retention.ms,60000",
        "max.message.bytes,1000",
        "min.insync.replicas,2"
    })
    void oneThatKeepsNoDeadLettersIsRefusedAtTheStart(String setting, String value) {
        topics.kafka.createTopic(topics.deadLetters(), 1, Map.of(setting, value));
        try (ResilientConsumer consumer = consumer()) {
            assertThatThrownBy(consumer::start)
                    .isInstanceOf(ConsumerStartException.class)
                    .hasMessageContaining("dead letter topic " + topics.deadLetters()
                            + " does not keep what is written to it: " + setting + " is ")
                    .hasMessageContaining("kafka-configs.sh --bootstrap-server " + topics.kafka.bootstrapServers()
                            + " --alter --entity-type topics --entity-name " + topics.deadLetters());
        }
    }

    @Test
    void oneThatIsChangedWhileTheConsumerRunsIsAnOutageUntilItIsChangedBack() throws Exception {
        topics.withDeadLetters();
        try (ResilientConsumer consumer = consumer()) {
            consumer.start();
            Await.until("running", () -> consumer.health().state() == ConsumerState.RUNNING);
            alter("compact");
            ConsumerHealth seen = Await.until(
                    "an outage", consumer::health, health -> !health.outages().isEmpty());
            assertThat(seen.outages()).singleElement().satisfies(outage -> {
                assertThat(outage.what()).isEqualTo("settings of dead letter topic " + topics.deadLetters());
                assertThat(outage.cause()).contains("cleanup.policy is compact, expected delete");
            });
            alter("delete");
            Await.until(
                    "no outage", consumer::health, health -> health.outages().isEmpty());
        }
    }

    private void alter(String policy) throws Exception {
        topics.admin
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topics.deadLetters()),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private ResilientConsumer consumer() {
        return topics.consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {})
                .build();
    }
}
