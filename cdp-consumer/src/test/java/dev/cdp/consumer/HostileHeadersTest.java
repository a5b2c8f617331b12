package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetterProfile;
import dev.cdp.consumer.dlq.DeadLetterRecords;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.SinkResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever stands in the headers of records, nothing throws on the owner thread, and every record is settled. */
final class HostileHeadersTest {

    private static final String TOPIC = "t";
    private static final String GROUP = "g";
    private static final Catalog CATALOG = Topics.catalog(TOPIC, "enforce");
    private static final UUID ID = new UUID(7, 7);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    /** A record's headers, by name; and its timestamp. */
    record Made(Map<String, byte[]> headers, long timestamp) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(timestamp + ":");
            headers.forEach((name, value) -> text.append(" ")
                    .append(name)
                    .append("=")
                    .append(new String(value, 0, Math.min(60, value.length), StandardCharsets.UTF_8)));
            return text.toString();
        }
    }

    @Property(tries = 300)
    void aConsumerWithRetryTopicsSettlesEveryRecord(@ForAll("records") List<Made> records) {
        settles(records, null);
    }

    @Property(tries = 100)
    void aConsumerWithASinkSettlesEveryRecord(@ForAll("records") List<Made> records) {
        settles(records, batch -> SinkResult.stored(batch.events().size()));
    }

    @Provide
    Arbitrary<List<Made>> records() {
        Arbitrary<byte[]> value = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                        6,
                        Arbitraries.of(
                                        "-1",
                                        "0",
                                        "1",
                                        "2147483647",
                                        "2147483648",
                                        "-2147483648",
                                        "4294967296",
                                        "9223372036854775807",
                                        "-9223372036854775808",
                                        "99999999999999999999",
                                        "1e9",
                                        "+1000000000-12-31T23:59:59Z",
                                        "+1000000000-12-31T23:59:59.999999999Z",
                                        "-1000000000-01-01T00:00:00Z",
                                        "1969-12-31T23:59:59Z",
                                        "+292278994-08-17T07:12:55.807Z",
                                        "2026-13-40T00:00:00Z",
                                        "",
                                        " ",
                                        "null",
                                        TOPIC,
                                        "../../etc",
                                        "0-0-0-0-0",
                                        "[[[[[[[[[[",
                                        "{}",
                                        "page_viewed",
                                        "cdp.probe",
                                        "1.0",
                                        "application/cloudevents+json",
                                        "x".repeat(70_000))
                                .map(text -> text.getBytes(StandardCharsets.UTF_8))),
                net.jqwik.api.Tuple.of(
                        2, Arbitraries.bytes().array(byte[].class).ofMaxSize(40)));
        Arbitrary<String> name = Arbitraries.of(names());
        Arbitrary<Map<String, byte[]>> changes = Arbitraries.maps(name, value).ofMaxSize(4);
        Arbitrary<Boolean> complete = Arbitraries.of(true, true, false);
        Arbitrary<Long> timestamp = Arbitraries.oneOf(
                Arbitraries.just(NOW.toEpochMilli()),
                Arbitraries.of(-1L, 0L, Long.MIN_VALUE, Long.MAX_VALUE, 253_402_300_800_000L));
        return Combinators.combine(
                        complete, changes, timestamp, Arbitraries.integers().between(0, 3))
                .as((whole, changed, time, failing) -> {
                    Map<String, byte[]> headers = new LinkedHashMap<>();
                    if (whole) {
                        sound(failing)
                                .forEach((header, text) -> headers.put(header, text.getBytes(StandardCharsets.UTF_8)));
                    }
                    headers.putAll(changed);
                    return new Made(headers, time);
                })
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(sound(0).keySet());
        names.addAll(List.of(
                "ce_id",
                "ce_source",
                "ce_specversion",
                "ce_time",
                "ce_subject",
                "ce_dataschema",
                "content-type",
                "traceparent",
                "__value_schema_id",
                "cdp.dlq.reason",
                "cdp.dlq.violations",
                "cdp.dlq.attempts",
                "cdp.dlq.redrive-count",
                "cdp.dlq.redrive-group",
                "cdp.dlq.failed-at",
                "cdp.dlq.timestamp",
                "cdp.dlq.pointer",
                "__connect.errors.topic",
                "__connect.errors.partition",
                "__connect.errors.offset",
                "__connect.errors.connector.name",
                "kafka_dlt-original-offset"));
        return names;
    }

    private static Map<String, String> sound(int attempts) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_type", "page_viewed");
        headers.put("cdp.retry.topic", TOPIC);
        headers.put("cdp.retry.topic-id", ID.toString());
        headers.put("cdp.retry.partition", "1");
        headers.put("cdp.retry.offset", "42");
        headers.put("cdp.retry.timestamp", Long.toString(NOW.toEpochMilli()));
        headers.put("cdp.retry.attempts", Integer.toString(attempts));
        headers.put("cdp.retry.first-failed-at", NOW.minusSeconds(10).toString());
        headers.put("cdp.retry.due-at", NOW.plusSeconds(5).toString());
        return headers;
    }

    private static void settles(List<Made> made, @Nullable EventSink sink) {
        RetryTopics retries = new RetryTopics(GROUP, Set.of(TOPIC), () -> NOW, Duration.ofSeconds(30));
        String retryTopic = RetryTopics.name(GROUP, TOPIC);
        MockConsumer<byte[], byte[]> client = new MockConsumer<>("none");
        List<TopicPartition> partitions = sink == null
                ? List.of(new TopicPartition(TOPIC, 0), new TopicPartition(retryTopic, 0))
                : List.of(new TopicPartition(TOPIC, 0));
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        partitions.forEach(partition -> {
            begins.put(partition, 0L);
            ends.put(partition, (long) made.size());
        });
        client.updateBeginningOffsets(begins);
        client.updateEndOffsets(ends);
        long[] nanos = {0};
        Broker broker = new Broker();
        try (PollLoopEnd loop = new PollLoopEnd(loop(client, broker, retries, sink, nanos))) {
            loop.loop.subscribe();
            client.rebalance(partitions);
            partitions.forEach(partition -> add(client, partition, made));
            int steps = 0;
            while (!partitions.stream().allMatch(partition -> committed(client, partition) == made.size())) {
                nanos[0] += 1_000_000_000L;
                int unused = loop.loop.doWork(1);
                assertThat(++steps).as("steps until all is committed").isLessThan(500);
            }
        }
    }

    private record PollLoopEnd(PollLoop loop) implements AutoCloseable {
        @Override
        public void close() {
            loop.close();
        }
    }

    private static long committed(MockConsumer<byte[], byte[]> client, TopicPartition partition) {
        OffsetAndMetadata found = client.committed(Set.of(partition)).get(partition);
        return found == null ? 0 : found.offset();
    }

    private static void add(MockConsumer<byte[], byte[]> client, TopicPartition partition, List<Made> made) {
        Random random = new Random(made.size());
        for (int offset = 0; offset < made.size(); offset++) {
            RecordHeaders headers = new RecordHeaders();
            made.get(offset).headers().forEach(headers::add);
            byte[] value =
                    ("{\"page_id\":\"p\",\"ordinal\":" + random.nextInt(4) + "}").getBytes(StandardCharsets.UTF_8);
            client.addRecord(new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    made.get(offset).timestamp(),
                    TimestampType.CREATE_TIME,
                    1,
                    value.length,
                    new byte[1],
                    value,
                    headers,
                    Optional.empty()));
        }
    }

    /** Takes dead letters and records for retry topics, and makes of each what would be stored. */
    private static final class Broker implements DeadLetters {

        private final DeadLetterRecords records = new DeadLetterRecords(
                GROUP, "hash", 100_000, Set.of(DeadLetterProfile.SPRING, DeadLetterProfile.STREAMS), () -> NOW);

        @Override
        public CompletionStage<Void> send(DeadLetter letter) {
            read(records.record(letter, 3));
            read(records.pointer(letter, 3));
            return CompletableFuture.completedFuture(null);
        }

        CompletionStage<Void> forward(ProducerRecord<byte[], byte[]> record) {
            assertThat(record.partition()).isBetween(0, 2);
            return CompletableFuture.completedFuture(null);
        }

        private static void read(ProducerRecord<byte[], byte[]> made) {
            assertThat(made.partition()).isBetween(0, 2);
            StoredLetter letter = new StoredLetter(new ConsumerRecord<>(
                    made.topic(),
                    0,
                    0,
                    0,
                    TimestampType.CREATE_TIME,
                    0,
                    0,
                    made.key(),
                    made.value(),
                    made.headers(),
                    Optional.empty()));
            assertThat(letter.reason()).isPresent();
            assertThat(letter.redriveCount()).isBetween(0, 999_999_999);
            letter.origin().ifPresent(origin -> assertThat(origin.partition()).isGreaterThanOrEqualTo(-1));
            assertThat(letter.failedAt()).isEqualTo(NOW);
            assertThat(letter.toString() + letter.group() + letter.event()).isNotEmpty();
        }

        @Override
        public void close(Duration timeout) {
            // Nothing is open.
        }
    }

    private static PollLoop loop(
            MockConsumer<byte[], byte[]> client,
            Broker broker,
            RetryTopics retries,
            @Nullable EventSink sink,
            long[] nanos) {
        ConsumerSettings settings = settings(sink == null ? retries : null, sink);
        Workers workers = Workers.on(Runnable::run, 4, new Outcomes());
        DeadLetterOffice office = new DeadLetterOffice(
                new DeadLetterRoutes(CATALOG, List.of(TOPIC)),
                settings.retryTopics(),
                broker,
                (topic, record) -> broker.forward(record.apply(3)),
                new DeadLetterOffice.Refusals(),
                workers);
        return new PollLoop(
                settings,
                new PollLoop.Surroundings(
                        client,
                        new GroupCommits(client),
                        topics -> {
                            Map<String, UUID> ids = new HashMap<>();
                            new HashSet<>(topics).forEach(topic -> ids.put(topic, ID));
                            return ids;
                        },
                        workers,
                        office,
                        new Judge(CATALOG, null, GROUP, true),
                        new Listeners(List.of(new Strict())),
                        () -> nanos[0],
                        new Random(1)));
    }

    /** Meters, whose errors a consumer would only log. */
    private static final class Strict implements ConsumerListener {

        private final ConsumerMetrics metrics = ConsumerMetrics.in(new SimpleMeterRegistry(), CATALOG);

        @Override
        public void processed(Delivery delivery, String event) {
            try {
                metrics.processed(delivery, event);
            } catch (RuntimeException e) {
                throw new StackOverflowError("the meters failed: " + e); // what no consumer survives
            }
        }
    }

    private static ConsumerSettings settings(@Nullable RetryTopics retries, @Nullable EventSink sink) {
        return new ConsumerSettings(
                CATALOG,
                KafkaSettings.handlers(Map.of("bootstrap.servers", "nowhere:1"), GROUP),
                List.of(TOPIC),
                new Handlers(
                        Map.of(
                                "page_viewed",
                                HandlerBinding.single(EventBinding.of(Topics.PageViewed.class), (event, delivery) -> {
                                    if (event.payload().ordinal() % 2 == 0) {
                                        throw new IllegalStateException("even");
                                    }
                                })),
                        Fallback.IGNORE,
                        Fallback.DEAD_LETTER,
                        null,
                        Duration.ofSeconds(1),
                        () -> NOW),
                sink,
                true,
                null,
                sink == null ? Ordering.NONE : Ordering.PARTITION,
                ErrorTable.DEFAULT,
                RetryPolicy.exponential(3, Duration.ofMillis(200)),
                retries,
                BatchLimits.DEFAULT,
                0,
                ForeignOffsets.ADOPT,
                4,
                null,
                new Committer.Pace(Duration.ofMillis(50), 1),
                100,
                1L << 20,
                Duration.ofSeconds(1),
                null,
                null,
                DeadLetterTopics.REQUIRE,
                1 << 20,
                Set.of(),
                null,
                new ConsumerSettings.FirstAnswer(Duration.ofSeconds(1), false),
                () -> NOW);
    }
}
