package dev.cdp.verify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.CloseReport;
import dev.cdp.consumer.ConsumerListener;
import dev.cdp.consumer.Outage;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.sink.BatchId;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.embedded.EngineOrSkip;
import dev.cdp.example.social.SocialEvent;
import dev.cdp.example.social.SocialEvents;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;
import dev.cdp.producer.Published;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** From an application's record to a row, with the engine killed on the way, and probes. */
final class WholeLineTest {

    private static final int MANY_EVENTS =
            Integer.getInteger("cdp.line.events", Boolean.getBoolean("cdp.campaigns.full") ? 100_000 : 12_000);

    private final Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");

    @Test
    void anEngineKilledDuringALoadLosesNothingAndDoublesNothingAndProbesReachNoTable() throws InterruptedException {
        play(3_000);
    }

    @Test
    @Tag("campaign")
    void anEngineKilledDuringALargeLoadLosesNothingAndDoublesNothing() throws InterruptedException {
        play(MANY_EVENTS);
    }

    /** One load with its kill, and then a probe of every topic: tables and topics of the whole catalog are slow to create. */
    private void play(int published) throws InterruptedException {
        CountDownLatch someLoaded = new CountDownLatch(1);
        CountDownLatch outage = new CountDownLatch(1);
        CountDownLatch recovered = new CountDownLatch(1);
        ConsumerListener listener = new ConsumerListener() {
            @Override
            public void batchStored(BatchId batch, int rows) {
                someLoaded.countDown();
            }

            @Override
            public void outageBegan(Outage began) {
                outage.countDown();
            }

            @Override
            public void outageEnded(Outage ended) {
                recovered.countDown();
            }
        };
        try (EmbeddedClickHouse engine = EngineOrSkip.startClickHouse();
                EmbeddedKafka broker = EmbeddedKafka.start();
                ClickHouseSink sink = ClickHouseSink.builder(catalog)
                        .url(engine.url())
                        .credentials(engine.user(), engine::password)
                        .build()) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            Set<String> deadLetterTopics = createTopics(broker);
            sink.migrate();
            try (CdpProducer producer = CdpProducer.connect(catalog, kafka);
                    ResilientConsumer loader = ResilientConsumer.builder(catalog)
                            .kafka(kafka)
                            .group("whole-line")
                            .topics(catalog.topics())
                            .sink(sink)
                            .batches(new BatchLimits(300, 1 << 20, Duration.ofMillis(100)))
                            .listener(listener)
                            .build()) {
                publish(producer, published);
                loader.start();
                await(someLoaded);

                engine.kill();
                await(outage);
                engine.restart();
                await(recovered);
                Await.until("rows, and distinct records", () -> counts(engine), List.of(published, published)::equals);

                List<Published> probes = producer.probe().join();
                assertThat(probes).hasSameSizeAs(catalog.topics());
                Await.until("every probe", () -> loader.health().probes(), count -> count >= probes.size());

                CloseReport report = loader.close(Duration.ofSeconds(30));
                assertThat(report).isEqualTo(new CloseReport(true, published, 0, probes.size(), 0));
                assertThat(records(kafka, catalog.topics()))
                        .as("read = loaded + dead-lettered + probes")
                        .isEqualTo(report.processed() + report.deadLettered() + report.probes());
                assertThat(counts(engine)).as("rows, and distinct records").containsExactly(published, published);
                assertThat(records(kafka, deadLetterTopics)).as("dead letters").isZero();
            }
        }
    }

    private Set<String> createTopics(EmbeddedKafka broker) {
        Set<String> deadLetterTopics = new LinkedHashSet<>();
        catalog.topics().forEach(topic -> broker.createTopic(topic, 3));
        catalog.events().stream().map(EventDefinition::deadLetterTopic).forEach(deadLetterTopics::add);
        deadLetterTopics.forEach(topic -> broker.createTopic(topic, 3));
        return deadLetterTopics;
    }

    private static void publish(CdpProducer producer, int count) {
        SocialEvents events = SocialEvents.of(7, Instant.now());
        List<CompletableFuture<Published>> futures = new ArrayList<>();
        Map<Class<?>, Function<SocialEvent, CompletableFuture<Published>>> publishers = new HashMap<>();
        SocialEvent.types().forEach(type -> publishers.put(type, publisher(producer, type)));
        for (int i = 0; i < count; i++) {
            SocialEvent event = events.next();
            futures.add(publishers.get(event.getClass()).apply(event));
        }
        producer.flush();
        futures.forEach(CompletableFuture::join);
    }

    private static <T extends SocialEvent> Function<SocialEvent, CompletableFuture<Published>> publisher(
            CdpProducer producer, Class<T> type) {
        EventPublisher<T> publisher = producer.publisher(type);
        return event -> publisher.publish(type.cast(event));
    }

    private List<Integer> counts(EmbeddedClickHouse engine) {
        int rows = 0;
        int distinct = 0;
        for (EventDefinition event : catalog.events()) {
            String table = event.table().orElseThrow().database() + "."
                    + event.table().orElseThrow().name();
            String[] counts = engine.query("SELECT count(), uniqExact(_topic_id, _partition, _offset) FROM " + table)
                    .strip()
                    .split("\t", -1);
            rows += Integer.parseInt(counts[0]);
            distinct += Integer.parseInt(counts[1]);
        }
        return List.of(rows, distinct);
    }

    private static long records(Map<String, Object> kafka, Set<String> topics) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("in time")
                .isTrue();
    }
}
