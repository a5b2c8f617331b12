package dev.cdp.consumer;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.registry.RegisteredSchema;
import dev.cdp.core.registry.RegistryUnavailableException;
import dev.cdp.core.registry.SchemaType;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
class OutageTest {

    @TempDir
    private Path folder;

    private Topics topics;
    private final Set<Integer> handled = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean down = new AtomicBoolean(true);
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 2).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private static List<String> outages(ResilientConsumer consumer) {
        return consumer.health().outages().stream().map(Outage::what).toList();
    }

    @Test
    void whatHandlersNeedIsDownSoTheLineWaitsAndNothingIsDeadLettered() {
        topics.publishAll(400);
        CountDownLatch ended = new CountDownLatch(1);
        try (ResilientConsumer consumer = topics.consumer()
                .retry(RetryPolicy.none())
                .ordering(Ordering.KEY)
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (down.get()) {
                        asked.incrementAndGet();
                        throw new IllegalStateException(new ConnectException());
                    }
                    handled.add(event.payload().ordinal());
                })
                .listener(new ConsumerListener() {
                    @Override
                    public void outageEnded(Outage outage) {
                        ended.countDown();
                    }
                })
                .build()) {
            consumer.start();
            Await.untilAsserted(() -> assertThat(outages(consumer))
                    .as("an open circuit")
                    .isEqualTo(List.of("handlers of " + topics.topic)));
            assertThat(consumer.health().outages().get(0).cause()).isEqualTo(IllegalStateException.class.getName());
            int open = asked.get();
            Await.untilAsserted(() ->
                    assertThat(asked.get()).as("probes, one after the other").isGreaterThanOrEqualTo(open + 2));
            assertThat(asked.get()).as("calls while it is open, of 400 keys").isLessThan(100);
            down.set(false);
            topics.awaitLagZero();
            Await.untilAsserted(
                    () -> assertThat(outages(consumer)).as("a closed circuit").isEmpty());
            assertThat(ended.getCount()).isZero();
        }
        assertThat(handled).hasSize(400);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void aRecordThatDoesNotMoveIsNamed() throws Exception {
        topics.publish(0, 1);
        topics.publish(0, 2);
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ResilientConsumer consumer = topics.consumer()
                .stallAfter(Duration.ofSeconds(1))
                .handle(Topics.PageViewed.class, (event, delivery) -> {
                    if (event.payload().ordinal() == 2) {
                        go.await();
                    }
                    handled.add(event.payload().ordinal());
                })
                .listener(new ConsumerListener() {
                    @Override
                    public void stalled(String topic, int partition, long offset, Duration since) {
                        if (partition == 0 && offset == 1 && since.toMillis() >= 1_000) {
                            stalled.countDown();
                        }
                    }
                })
                .build()) {
            consumer.start();
            stalled.await();
            Await.until("health names it", () -> {
                PartitionHealth health = consumer.health().partitions().get(0);
                return health.oldest().orElse(-1) == 1 && health.oldestFor().compareTo(Duration.ofSeconds(1)) >= 0;
            });
            go.countDown();
            topics.awaitLagZero();
            Await.until(
                    "nothing is held",
                    () -> consumer.health().partitions().stream()
                            .allMatch(partition -> partition.oldest().isEmpty()));
        }
        assertThat(handled).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aRegistryThatDoesNotAnswerIsWaitedForAndThenItsRecordsAreRead() {
        RegisteredSchema schema = schema();
        try (ResilientConsumer consumer = topics.consumer()
                .registry(key -> {
                    asked.incrementAndGet();
                    if (down.get()) {
                        throw new RegistryUnavailableException("down", null);
                    }
                    return Optional.of(schema);
                })
                .retry(RetryPolicy.none())
                .ordering(Ordering.NONE)
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build()) {
            consumer.start();
            IntStream.range(0, 300).forEach(i -> framed(0, i));
            topics.publish(0, 300);
            topics.publish(1, 301);
            Await.untilAsserted(
                    () -> assertThat(outages(consumer)).as("an open circuit").contains("schema registry"));
            assertThat(topics.committedTotal()).as("partition 1 alone").isLessThanOrEqualTo(1);
            int open = asked.get();
            Await.untilAsserted(() ->
                    assertThat(asked.get()).as("probes, one after the other").isGreaterThanOrEqualTo(open + 2));
            assertThat(asked.get())
                    .as("questions while it is open, for 300 records")
                    .isLessThan(100);
            down.set(false);
            topics.awaitLagZero();
        }
        assertThat(handled).hasSize(302);
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void aSinkWaitsForTheRegistryToo() {
        RegisteredSchema schema = schema();
        IntStream.range(0, 5).forEach(i -> topics.publish(0, i));
        framed(0, 5);
        IntStream.range(6, 11).forEach(i -> topics.publish(0, i));
        topics.producer.flush();
        List<Long> offsets = new CopyOnWriteArrayList<>();
        try (ResilientConsumer consumer = topics.consumer()
                .registry(key -> {
                    if (asked.incrementAndGet() < 5) {
                        throw new RegistryUnavailableException("down", null);
                    }
                    return Optional.of(schema);
                })
                .sink(batch -> {
                    batch.events().forEach(event -> offsets.add(event.offset()));
                    return SinkResult.stored(batch.events().size());
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(offsets)
                .as("those before it, it, and those behind it")
                .containsExactlyElementsOf(LongStream.range(0, 11).boxed().toList());
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    private static RegisteredSchema schema() {
        return new RegisteredSchema(
                7, null, List.of(), SchemaType.JSON, "{\"title\":\"page_viewed\",\"type\":\"object\"}", Map.of());
    }

    /** As Confluent's serializers frame it: a zero and the schema's id in front. */
    private void framed(int partition, int ordinal) {
        byte[] json = ("{\"page_id\":\"p\",\"ordinal\":" + ordinal + "}").getBytes(StandardCharsets.UTF_8);
        topics.send(
                partition,
                new byte[] {'k'},
                "",
                ByteBuffer.allocate(5 + json.length)
                        .put((byte) 0)
                        .putInt(7)
                        .put(json)
                        .array());
    }

    /** As today's, but that it wants what no publisher sends. */
    private Catalog wrongCatalog() throws IOException {
        return Catalog.load(Files.writeString(folder.resolve("cdp.yaml"), """
                cdp: 1
                catalog: test
                source: //test.example
                defaults: { topic: "%s" }
                events:
                  page_viewed:
                    schema: { type: object, required: [no_such_field], properties: { no_such_field: { type: string }, page_id: { type: string }, ordinal: { type: integer } } }
                """.formatted(topics.topic)));
    }

    @Test
    void aMendedCatalogLetsAPartitionGoOnThatStoppedAtTheLimit() throws Exception {
        topics.publishAll(600);
        try (ResilientConsumer consumer = ResilientConsumer.builder(wrongCatalog())
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .commitInterval(Duration.ofMillis(50))
                .deadLetterLimit(new DeadLetterLimit(20, 0.5, 1_000))
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build()) {
            assertThatThrownBy(() -> consumer.replaceCatalog(topics.catalog()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is CREATED");
            consumer.start();
            Await.untilAsserted(
                    () -> assertThat(outages(consumer)).as("both stop").hasSize(2));
            assertThat(handled).isEmpty();
            assertThatThrownBy(() -> consumer.replaceCatalog(Pages.catalog("elsewhere")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("published to elsewhere");
            consumer.replaceCatalog(topics.catalog());
            topics.awaitLagZero();
            Await.untilAsserted(
                    () -> assertThat(outages(consumer)).as("no outage").isEmpty());
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
        }
        int letters = topics.read(topics.deadLetters()).size();
        assertThat(letters).isBetween(40, 599);
        assertThat(handled).as("every record is dead-lettered or handled").hasSize(600 - letters);
    }

    @Test
    void aPartitionOfWhichEverythingWouldBeDeadLetteredStopsUntilItIsReleased() {
        for (int i = 0; i < 300; i++) {
            topics.send(0, "k", "page_viewed", "{}");
        }
        topics.publish(1, 1);
        topics.producer.flush();
        try (ResilientConsumer consumer = topics.consumer()
                .deadLetterLimit(new DeadLetterLimit(20, 0.5, 1_000))
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()))
                .build()) {
            consumer.start();
            String limit = "dead letter limit of " + topics.topic + "-0";
            Await.untilAsserted(() -> assertThat(outages(consumer)).as("a stop").isEqualTo(List.of(limit)));
            assertThat(consumer.health().outages().get(0).cause())
                    .startsWith("page_viewed: ")
                    .endsWith(" in a row");
            Await.untilAsserted(
                    () -> assertThat(handled).as("the other partition").contains(1));
            for (int i = 2; i < 30; i++) {
                int next = i;
                topics.publish(1, next);
                topics.producer.flush();
                Await.untilAsserted(() ->
                        assertThat(handled).as("the other partition goes on").contains(next));
            }
            assertThat(topics.read(topics.deadLetters()))
                    .as("dead letters since it stopped")
                    .hasSizeLessThan(150);
            while (topics.lag() > 0) {
                consumer.release();
                Await.until(
                        "the next stop, or the end",
                        () -> topics.lag() == 0 || outages(consumer).equals(List.of(limit)));
            }
        }
        assertThat(topics.read(topics.deadLetters())).hasSize(300);
    }
}
