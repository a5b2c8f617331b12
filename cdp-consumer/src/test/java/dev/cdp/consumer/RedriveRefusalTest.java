package dev.cdp.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.cdp.consumer.dlq.LetterFilter;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.consumer.redrive.DeadLetterBrowser;
import dev.cdp.consumer.redrive.Disposition;
import dev.cdp.consumer.redrive.Redrive;
import dev.cdp.consumer.redrive.RedriveBuilder;
import dev.cdp.consumer.redrive.RedriveException;
import dev.cdp.consumer.redrive.RedriveFix;
import dev.cdp.consumer.redrive.RedriveReport;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A dead letter is done when Kafka has acknowledged its record, and not when it was sent or refused. */
@CdpTest
class RedriveRefusalTest {

    @TempDir
    private Path temp;

    private Topics topics;

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 1).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private void deadLetter() {
        Catalog strict = RedriveTest.catalog(temp, topics.topic, -1);
        try (ResilientConsumer consumer = ResilientConsumer.builder(strict)
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .commitInterval(Duration.ofMillis(50))
                .handle(Topics.PageViewed.class, (event, delivery) -> {})
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
    }

    private RedriveReport redrive(@Nullable RedriveFix fix) {
        Map<String, Object> kafka = new HashMap<>(topics.properties());
        kafka.put("max.block.ms", 1_000);
        RedriveBuilder builder = Redrive.builder(RedriveTest.catalog(temp, topics.topic, 100))
                .kafka(kafka)
                .from(topics.deadLetters());
        return (fix == null ? builder : builder.fix(fix)).build().run();
    }

    private List<Integer> waiting() {
        List<StoredLetter> found = new ArrayList<>();
        try (DeadLetterBrowser browser = DeadLetterBrowser.open(topics.properties(), topics.deadLetters())) {
            browser.read(LetterFilter.all(), found::add);
        }
        return found.stream()
                .map(one -> IncidentTest.ordinal(one.record().value()))
                .sorted()
                .toList();
    }

    private void set(String config, String value) throws Exception {
        topics.admin
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topics.topic),
                        List.of(new AlterConfigOp(new ConfigEntry(config, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    @Test
    void whatKafkaRefusesForGoodStaysAndIsTakenOnceKafkaTakesIt() throws Exception {
        topics.publishAll(2);
        String random = new Random(7)
                .ints(20_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        topics.send(0, "k", "page_viewed", "{\"page_id\":\"" + random + "\",\"ordinal\":7}");
        topics.producer.flush();
        deadLetter();
        set("max.message.bytes", "5000");

        RedriveReport report = redrive(null);
        assertThat(report.count(Disposition.REFUSED_BY_KAFKA)).isEqualTo(1);
        assertThat(report.count(Disposition.PUBLISHED)).isEqualTo(2);
        assertThat(report.left()).isEqualTo(1);
        assertThat(waiting()).containsExactly(7);

        set("max.message.bytes", "1000000");
        assertThat(redrive(null).count(Disposition.PUBLISHED)).isEqualTo(1);
        assertThat(waiting()).isEmpty();
    }

    /** It is told to go to a partition that is not there: the producer takes it and never hears of it. */
    @Test
    void whatIsSentAndNotAcknowledgedStaysAndTheNextRunTakesIt() {
        topics.publishAll(3);
        deadLetter();
        RedriveFix astray = (letter, record) -> IncidentTest.ordinal(record.value()) != 1
                ? record
                : new ProducerRecord<>(record.topic(), 99, null, record.key(), record.value(), record.headers());

        assertThatThrownBy(() -> redrive(astray))
                .isInstanceOfSatisfying(
                        RedriveException.class,
                        e -> assertThat(e.retryable()).as("run again").isTrue());
        List<Integer> left = waiting();
        assertThat(left).contains(1).doesNotContain(0);

        assertThat(redrive(null).count(Disposition.PUBLISHED)).isEqualTo(left.size());
        assertThat(waiting()).isEmpty();
        assertThat(topics.read(topics.topic)).hasSizeGreaterThanOrEqualTo(6);
    }
}
