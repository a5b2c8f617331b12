package dev.cdp.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedKafkaTest {
    @Test
    void aKilledBrokerComesBackOnItsPortWithItsRecords() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().childProcess().start()) {
            String address = kafka.bootstrapServers();
            kafka.createTopic("kept", 1);
            Records.send(kafka, "kept", "before");

            kafka.kill();
            kafka.restart();
            Records.send(kafka, "kept", "after the kill");

            assertThat(kafka.bootstrapServers()).isEqualTo(address);

            kafka.pause();
            try (KafkaProducer<String, String> producer = Records.producer(kafka.properties())) {
                Future<?> ack = CompletableFuture.supplyAsync(() -> sendAndWait(producer));
                assertThatThrownBy(() -> ack.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
                kafka.resume();
                ack.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
            }

            assertThat(Records.values(address, "kept", 3))
                    .containsExactly("before", "after the kill", "during the pause");
        }
    }

    @Test
    void aBrokerInThisJvmRestartsOnItsPortWithItsRecords() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("kept", 1);
            Records.send(kafka, "kept", "before");

            kafka.restart();
            Records.send(kafka, "kept", "after");

            assertThat(Records.values(kafka.bootstrapServers(), "kept", 2)).containsExactly("before", "after");
        }
    }

    @Test
    @Tag("campaign")
    void threeBrokersGoOnWhenOneIsKilled() {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.builder().brokers(3).childProcess().start()) {
            kafka.createTopic("replicated", 3);
            Records.send(kafka, "replicated", "by three");

            kafka.kill(1);
            Records.send(kafka, "replicated", "by two");

            assertThat(Records.values(kafka.bootstrapServers(), "replicated", 2))
                    .containsExactlyInAnyOrder("by three", "by two");

            kafka.restart(1);
            Records.send(kafka, "replicated", "by three again");

            assertThat(Records.values(kafka.bootstrapServers(), "replicated", 3))
                    .hasSize(3);
        }
    }

    @Test
    void threeBrokersFitIntoThisJvm() {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start()) {
            kafka.createTopic("replicated", 3);
            Records.send(kafka, "replicated", "hello");

            assertThat(kafka.bootstrapServers().split(",", -1)).hasSize(3);
            assertThat(Records.values(kafka.bootstrapServers(), "replicated", 1))
                    .containsExactly("hello");
        }
    }

    @Test
    void aRecordWhoseResponseIsLostIsInTheLog() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().proxied().start()) {
            kafka.createTopic("uncertain", 1);
            Map<String, Object> impatient = new HashMap<>(kafka.properties());
            impatient.put("delivery.timeout.ms", 2000);
            impatient.put("request.timeout.ms", 1500);
            impatient.put("linger.ms", 0);
            try (KafkaProducer<String, String> producer = Records.producer(impatient)) {
                // The first send also waits for a producer id, which no timeout of the producer bounds.
                producer.send(new ProducerRecord<>("uncertain", "acknowledged"))
                        .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
                kafka.proxy().dropResponses();
                Future<?> ack = producer.send(new ProducerRecord<>("uncertain", "written?"));

                assertThatThrownBy(() -> ack.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);
                assertThat(Records.values(kafka.directBootstrapServers(), "uncertain", 2))
                        .containsExactly("acknowledged", "written?");

                kafka.proxy().heal();
            }
            Records.send(kafka, "uncertain", "healed");
        }
    }

    /** On a thread of its own, since send() waits for metadata. */
    private static Object sendAndWait(KafkaProducer<String, String> producer) {
        try {
            return producer.send(new ProducerRecord<>("kept", "during the pause"))
                    .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void brokersAreOneToFive() {
        assertThatThrownBy(() -> EmbeddedKafka.builder().brokers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("brokers must be 1 to 5, not 0");
    }
}
