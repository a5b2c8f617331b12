package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The incident: poison at known offsets on three partitions, which once stood still for three days. */
@CdpTest
class IncidentTest {

    private static final byte[] KEY = {0, -1, 'k'};

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Poison(int partition, int offset, String type, byte[] value, String reason) {}

    private static final List<Poison> POISON = List.of(
            poison(0, 58, "page_viewed", "{\"test\":\"connection_test\"}", "INVALID"),
            poison(1, 56, "page_viewed", "{\"test\":\"direct_publish\"}", "INVALID"),
            poison(2, 113, "page_viewed", "{\"test\":\"message\"}", "INVALID"),
            poison(2, 20, "", "{\"test\":\"message\"}", "UNKNOWN_EVENT"),
            poison(1, 3, "pageviewed", "{\"page_id\":\"p\",\"ordinal\":1}", "UNKNOWN_EVENT"),
            new Poison(0, 0, "page_viewed", new byte[] {(byte) 0xc3, 0x28, 0, (byte) 0xff}, "UNDECODABLE"),
            poison(0, 1, "page_viewed", "{\"page_id\":", "UNDECODABLE"));

    private Topics topics;
    private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
    private final Set<Integer> sent = ConcurrentHashMap.newKeySet();

    private static Poison poison(int partition, int offset, String type, String value, String reason) {
        return new Poison(partition, offset, type, value.getBytes(StandardCharsets.UTF_8), reason);
    }

    @BeforeEach
    void publishTheIncident(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 3).withDeadLetters();
        for (int p = 0; p < 3; p++) {
            int partition = p;
            for (int o = 0; o < 120; o++) {
                int offset = o;
                POISON.stream()
                        .filter(one -> one.partition == partition && one.offset == offset)
                        .findFirst()
                        .ifPresentOrElse(one -> topics.send(partition, KEY, one.type, one.value), () -> {
                            sent.add(partition * 1000 + offset);
                            topics.publish(partition, partition * 1000 + offset);
                        });
            }
        }
        topics.producer.flush();
    }

    @AfterEach
    void closeTopics() {
        topics.close();
    }

    @Test
    void poisonOfEveryKindIsDeadLetteredAndHandlersSeeAllOfTheRest() {
        check(builder -> builder.handle(
                Topics.PageViewed.class,
                (event, delivery) -> seen.add(event.payload().ordinal())));
    }

    @Test
    void poisonOfEveryKindIsDeadLetteredAndTheSinkStoresAllOfTheRest() {
        check(builder -> builder.sink(batch -> {
            batch.events().forEach(event -> seen.add(ordinal(event.payload())));
            return SinkResult.stored(batch.events().size());
        }));
    }

    private void check(Consumer<ConsumerBuilder> work) {
        ConsumerBuilder builder = topics.consumer();
        work.accept(builder);
        try (ResilientConsumer consumer = builder.build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.close(Await.LIMIT))
                    .isEqualTo(new CloseReport(true, 360 - POISON.size(), POISON.size(), 0, 0));
        }
        assertThat(seen).isEqualTo(sent);
        assertThat(letters())
                .isEqualTo(POISON.stream()
                        .collect(Collectors.toMap(
                                one -> topics.topic + "-" + one.partition + "@" + one.offset,
                                one -> one.reason + " " + Arrays.toString(KEY) + Arrays.toString(one.value))));
    }

    private Map<String, String> letters() {
        Map<String, String> letters = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : topics.read(topics.deadLetters())) {
            String before = letters.put(
                    header(letter, DeadLetterHeaders.TOPIC) + "-" + header(letter, DeadLetterHeaders.PARTITION) + "@"
                            + header(letter, DeadLetterHeaders.OFFSET),
                    header(letter, DeadLetterHeaders.REASON) + " " + Arrays.toString(letter.key())
                            + Arrays.toString(letter.value()));
            assertThat(before).as("twice in the dead letters").isNull();
        }
        return letters;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        List<byte[]> values = new ArrayList<>();
        record.headers().headers(name).forEach(header -> values.add(header.value()));
        assertThat(values).as(name).hasSize(1);
        return new String(values.get(0), StandardCharsets.UTF_8);
    }

    static int ordinal(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        return Integer.parseInt(text.replaceAll(".*\"ordinal\":([0-9]+).*", "$1"));
    }

    @Test
    void theReasonOfEveryLetterCanBeRead() {
        try (ResilientConsumer consumer = topics.consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> {})
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        ConsumerRecord<byte[], byte[]> letter = topics.read(topics.deadLetters()).stream()
                .filter(one -> header(one, DeadLetterHeaders.OFFSET).equals("58"))
                .findFirst()
                .orElseThrow();
        assertThat(header(letter, DeadLetterHeaders.VIOLATIONS)).contains("\"keyword\":\"required\"");
        assertThat(header(letter, DeadLetterHeaders.EVENT)).isEqualTo("page_viewed");
        assertThat(header(letter, DeadLetterHeaders.CONNECTOR_NAME)).isEqualTo(topics.group);
        assertThat(header(letter, DeadLetterHeaders.ATTEMPTS)).isEqualTo("1");
        assertThat(header(letter, "ce_type")).isEqualTo("page_viewed");
        letter.headers()
                .forEach(header -> assertThat(new String(header.value(), StandardCharsets.UTF_8))
                        .doesNotContain("connection_test"));
    }
}
