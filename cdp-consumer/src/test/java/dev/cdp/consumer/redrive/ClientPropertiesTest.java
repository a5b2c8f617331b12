package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientPropertiesTest {

    private final ClientProperties properties = new ClientProperties(
            Map.of(
                    "bootstrap.servers",
                    "localhost:9092",
                    "acks",
                    "1",
                    "enable.idempotence",
                    "false",
                    "transactional.id",
                    "theirs",
                    "group.id",
                    "theirs",
                    "isolation.level",
                    "read_uncommitted"),
            "ours",
            Duration.ofSeconds(5));

    @Test
    void whatIsRedrivenWaitsForAllReplicasAndIsWrittenOnce() {
        assertThat(properties.producer())
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .doesNotContainKeys("transactional.id", "group.id");
    }

    @Test
    void itReadsInItsOwnGroupWhatIsCommittedAndCommitsNothingByItself() {
        assertThat(properties.consumer())
                .containsEntry("group.id", "ours")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("isolation.level", "read_committed");
    }
}
