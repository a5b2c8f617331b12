package dev.cdp.consumer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What an application says of its own producers does not weaken those that a promise hangs on. */
class ProducerSettingsTest {

    private static final Map<String, Object> GIVEN = Map.of(
            "bootstrap.servers",
            "localhost:9092",
            "acks",
            "1",
            "enable.idempotence",
            "false",
            "transactional.id",
            "theirs",
            "client.id",
            "theirs",
            "isolation.level",
            "read_committed");

    @Test
    void deadLettersAndTransactionsWaitForAllReplicasAndAreWrittenOnce() {
        KafkaSettings settings = KafkaSettings.transactional(new HashMap<>(GIVEN), "g");
        for (Map<String, Object> producer :
                List.of(settings.deadLetterProducer(1_000), settings.transactionalProducer("ours", 1_000))) {
            assertThat(producer)
                    .containsEntry("acks", "all")
                    .containsEntry("enable.idempotence", true)
                    .containsEntry("max.request.size", 1 << 20)
                    .doesNotContainKeys("client.id", "isolation.level");
        }
        assertThat(settings.deadLetterProducer(1_000)).doesNotContainKey("transactional.id");
        assertThat(settings.transactionalProducer("ours", 1_000)).containsEntry("transactional.id", "ours");
        assertThat(settings.deadLetterProducer(5 << 20)).containsEntry("max.request.size", 5 << 20);
    }

    @Test
    void theConsumerCommitsAndResetsNothingByItself() {
        assertThat(KafkaSettings.sink(new HashMap<>(GIVEN), "g").consumer())
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("group.id", "g");
    }
}
