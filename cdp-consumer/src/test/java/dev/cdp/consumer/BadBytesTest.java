package dev.cdp.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** Anything at all as value, key and header: every record is handled, ignored or dead-lettered, and named so. */
class BadBytesTest {

    private static final Path CORPORA = Path.of(System.getProperty("cdp.corpora", "../../shared/corpora"));
    private static final int BOMB = 60 << 20;

    /** A broker that takes what the defaults of others take once it is compressed. */
    private static EmbeddedKafka kafka;

    private Topics topics;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder()
                .property("message.max.bytes", Integer.toString(4 << 20))
                .start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void open() {
        topics = new Topics(kafka, 2).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    /** What became of each record, by its offset within its partition. */
    private Map<String, String> consume(boolean intoSink) {
        Map<String, String> ends = new ConcurrentHashMap<>();
        ConcurrentLinkedQueue<String> states = new ConcurrentLinkedQueue<>();
        ConsumerBuilder builder = topics.consumer()
                .noDeadLetterLimit()
                .bufferedBytes(1L << 27)
                .listener(new ConsumerListener() {
                    @Override
                    public void processed(Delivery delivery, String event) {
                        ends.merge(delivery.toString(), "processed", String::concat);
                    }

                    @Override
                    public void ignored(Delivery delivery, Ignored why) {
                        ends.merge(delivery.toString(), why.name(), String::concat);
                    }

                    @Override
                    public void deadLettered(Delivery delivery, String event, DeadLetterReason reason) {
                        ends.merge(delivery.toString(), reason.name(), String::concat);
                    }

                    @Override
                    public void stateChanged(ConsumerState state) {
                        states.add(state.name());
                    }
                });
        try (ResilientConsumer consumer = (intoSink
                        ? builder.sink(batch -> {
                            batch.events()
                                    .forEach(event -> ends.merge(
                                            batch.id().topic() + "-"
                                                    + batch.id().partition() + "@" + event.offset(),
                                            "processed",
                                            String::concat));
                            return SinkResult.stored(batch.events().size());
                        })
                        : builder.handle(Topics.PageViewed.class, (event, delivery) -> {}))
                .build()) {
            consumer.start();
            Await.untilAsserted(() ->
                    assertThat(topics.lag()).as("all is settled: " + states).isEqualTo(0));
        }
        assertThat(states).containsExactly("STARTING", "RUNNING", "CLOSING", "CLOSED");
        return ends;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> unused = producer.send(record);
    }

    private ProducerRecord<byte[], byte[]> record(
            int number, byte @Nullable [] key, byte @Nullable [] value, Map<String, byte[]> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.topic, number % 2, key, value);
        headers.forEach((name, bytes) -> record.headers().add(name, bytes));
        return record;
    }

    @Test
    void everythingInThePublicSuitesEndsInANamedClass() throws IOException {
        assumeThat(Files.isDirectory(CORPORA) || Boolean.getBoolean("cdp.corpora.required"))
                .as("public suites at " + CORPORA)
                .isTrue();
        List<byte[]> evil = new ArrayList<>();
        try (Stream<Path> files = Files.list(CORPORA.resolve("json-test-suite/test_parsing"))) {
            files.sorted().forEach(file -> evil.add(read(file)));
        }
        assertThat(evil).as("files of the JSON suite").hasSizeGreaterThan(250);
        tools.jackson.databind.json.JsonMapper json = new tools.jackson.databind.json.JsonMapper();
        for (var text : json.readTree(read(CORPORA.resolve("naughty-strings/blns.json")))) {
            evil.add(text.asString().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(evil).as("both suites").hasSizeGreaterThan(750);

        int number = 0;
        byte[] valid = "{\"page_id\":\"p\",\"ordinal\":1}".getBytes(StandardCharsets.UTF_8);
        byte[] type = "page_viewed".getBytes(StandardCharsets.UTF_8);
        List<String> names = List.of(
                CloudEvents.TYPE,
                CloudEvents.ID,
                CloudEvents.SOURCE,
                CloudEvents.TIME,
                CloudEvents.SUBJECT,
                CloudEvents.DATA_SCHEMA,
                CloudEvents.CONTENT_TYPE,
                CloudEvents.TRACE_PARENT,
                "__value_schema_id",
                DeadLetterHeaders.REDRIVE_COUNT,
                DeadLetterHeaders.REDRIVE_GROUP,
                DeadLetterHeaders.REASON);
        for (byte[] bytes : evil) {
            send(topics.producer, record(number++, bytes, bytes, Map.of(CloudEvents.TYPE, type)));
            send(topics.producer, record(number++, bytes, valid, Map.of(CloudEvents.TYPE, bytes)));
            Map<String, byte[]> headers = new LinkedHashMap<>();
            headers.put(CloudEvents.TYPE, type);
            headers.put(names.get(number % names.size()), bytes);
            send(topics.producer, record(number++, null, valid, headers));
        }
        topics.producer.flush();
        assertNamed(number, consume(false));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNamed(int records, Map<String, String> ends) {
        Map<String, Long> counts = new HashMap<>();
        ends.values().forEach(end -> counts.merge(end, 1L, Long::sum));
        assertThat(ends).as("each record ends once: " + counts).hasSize(records);
        List<String> known = new ArrayList<>(List.of("processed"));
        Stream.of(ConsumerListener.Ignored.values()).map(Enum::name).forEach(known::add);
        Stream.of(DeadLetterReason.values()).map(Enum::name).forEach(known::add);
        assertThat(known).containsAll(counts.keySet());
        assertThat(counts).containsKeys("processed");
        long letters = counts.entrySet().stream()
                .filter(one -> Stream.of(DeadLetterReason.values())
                        .anyMatch(reason -> reason.name().equals(one.getKey())))
                .mapToLong(Map.Entry::getValue)
                .sum();
        assertThat(topics.read(topics.deadLetters())).hasSize((int) letters);
    }

    @Test
    void bombsHugeHeadersMissingPartsAndUnknownFramesEndInANamedClassForHandlers() {
        extremes(false);
    }

    @Test
    void bombsHugeHeadersMissingPartsAndUnknownFramesEndInANamedClassForASink() {
        extremes(true);
    }

    private void extremes(boolean intoSink) {
        Map<String, byte[]> type = Map.of(CloudEvents.TYPE, "page_viewed".getBytes(StandardCharsets.UTF_8));
        byte[] valid = "{\"page_id\":\"p\",\"ordinal\":1}".getBytes(StandardCharsets.UTF_8);
        int number = 0;
        for (String codec : intoSink ? List.of("zstd") : List.of("lz4", "zstd")) {
            Map<String, Object> properties = new HashMap<>(kafka.properties());
            properties.put("compression.type", codec);
            properties.put("max.request.size", 128 << 20);
            properties.put("buffer.memory", 256L << 20);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
                send(producer, record(number++, null, new byte[BOMB], type));
                byte[] text = new byte[BOMB];
                Arrays.fill(text, (byte) '[');
                send(producer, record(number++, text, valid, type));
                Map<String, byte[]> huge = new LinkedHashMap<>(type);
                huge.put("huge", new byte[1 << 20]);
                send(producer, record(number++, null, "no json".getBytes(StandardCharsets.UTF_8), huge));
                send(producer, record(number++, null, valid, huge));
            }
        }
        send(topics.producer, record(number++, null, null, Map.of()));
        send(topics.producer, record(number++, null, new byte[0], type));
        for (int magic = 0; magic < 4; magic++) {
            ByteBuffer framed =
                    ByteBuffer.allocate(5 + valid.length).put((byte) magic).putInt(4711 + magic);
            send(topics.producer, record(number++, null, framed.put(valid).array(), type));
            Map<String, byte[]> inHeader = new LinkedHashMap<>(type);
            inHeader.put(
                    "__value_schema_id",
                    ByteBuffer.allocate(17)
                            .put((byte) magic)
                            .putLong(1)
                            .putLong(2)
                            .array());
            send(topics.producer, record(number++, null, valid, inHeader));
        }
        topics.publish(0, 1);
        number++;
        topics.producer.flush();

        Map<String, String> ends = consume(intoSink);

        if (intoSink) {
            assertThat(ends).as("a sink is not told of tombstones").hasSizeBetween(number - 1, number);
        } else {
            assertNamed(number, ends);
        }
        for (ConsumerRecord<byte[], byte[]> letter : topics.read(topics.deadLetters())) {
            assertThat(letter.serializedValueSize()).isLessThan(1_100_000);
        }
    }
}
