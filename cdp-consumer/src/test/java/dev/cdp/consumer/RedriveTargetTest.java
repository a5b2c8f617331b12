package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;

import dev.cdp.consumer.redrive.Disposition;
import dev.cdp.consumer.redrive.Redrive;
import dev.cdp.consumer.redrive.RedriveBuilder;
import dev.cdp.consumer.redrive.RedriveReport;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever can write to a dead letter topic names the topic that its records came from. */
@CdpTest
class RedriveTargetTest {

    private static final String VALID = "{\"page_id\":\"p\",\"ordinal\":1}";

    private Topics topics;
    private String foreign;

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
        foreign = "foreign-" + topics.topic;
        kafka.createTopic(foreign, 1);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void onlySourcesOfTheDeadLetterTopicArePublishedTo() {
        deadLetter(foreign, VALID);
        deadLetter(topics.topic, VALID);

        RedriveReport report = redrive().build().run();

        assertThat(report.count(Disposition.FOREIGN_TOPIC)).isEqualTo(1);
        assertThat(report.count(Disposition.PUBLISHED)).isEqualTo(1);
        assertThat(topics.size(foreign)).isZero();
        assertThat(topics.size(topics.topic)).isEqualTo(1);
    }

    @Test
    void aDeadLetterWithoutAValueStaysUnlessTombstonesAreAskedFor() {
        deadLetter(topics.topic, null);

        assertThat(redrive().build().run().count(Disposition.TOMBSTONE)).isEqualTo(1);
        assertThat(topics.size(topics.topic)).isZero();

        assertThat(redrive().tombstones().build().run().count(Disposition.PUBLISHED))
                .isEqualTo(1);
        assertThat(topics.size(topics.topic)).isEqualTo(1);
    }

    private RedriveBuilder redrive() {
        return Redrive.builder(topics.catalog()).kafka(topics.properties()).from(topics.deadLetters());
    }

    private void deadLetter(String origin, @Nullable String value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.deadLetters(),
                "k".getBytes(StandardCharsets.UTF_8),
                value == null ? null : value.getBytes(StandardCharsets.UTF_8));
        add(record, "ce_type", "page_viewed");
        add(record, DeadLetterHeaders.TOPIC, origin);
        add(record, DeadLetterHeaders.PARTITION, "0");
        add(record, DeadLetterHeaders.OFFSET, "0");
        add(record, DeadLetterHeaders.REASON, DeadLetterReason.INVALID.name());
        Future<?> unused = topics.producer.send(record);
        topics.producer.flush();
    }

    private static void add(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
