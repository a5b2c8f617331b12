package dev.cdp.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@CdpTest
class CommitTest {

    private Topics topics;
    private final Set<Integer> handled = new ConcurrentSkipListSet<>();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 3);
    }

    @AfterEach
    void close() {
        topics.close();
    }

    private ConsumerBuilder consumer(FaultyClient client) {
        Catalog catalog = topics.catalog();
        return new ConsumerBuilder(catalog, client::connect)
                .kafka(topics.properties())
                .group(topics.group)
                .topics(topics.topic)
                .commitInterval(Duration.ofMillis(20))
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> handled.add(event.payload().ordinal()));
    }

    private static Set<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aDeadLetterIsAcknowledgedBeforeItsOffsetIsCommittedAndItsOutageSkipsNothing() throws Exception {
        topics.withDeadLetters();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (ResilientConsumer consumer = consumer(new FaultyClient())
                .listener(new ConsumerListener() {
                    @Override
                    public void outageBegan(Outage outage) {
                        began.countDown();
                    }

                    @Override
                    public void outageEnded(Outage outage) {
                        ended.countDown();
                    }
                })
                .build()) {
            consumer.start();
            Await.untilAsserted(() ->
                    assertThat(consumer.health().partitions()).as("assigned").hasSize(3));
            topics.admin.deleteTopics(List.of(topics.deadLetters())).all().get();
            IntStream.range(0, 20).forEach(i -> topics.publish(0, i));
            topics.send(0, "k", "page_viewed", "{}");
            IntStream.range(20, 40).forEach(i -> topics.publish(0, i));
            topics.publish(1, 40);
            topics.producer.flush();
            began.await();
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
            assertThat(topics.committed(0).offset()).isEqualTo(20);
            assertThat(topics.committed(1).offset()).isEqualTo(1);
            Await.untilAsserted(() -> assertThat(consumer.health().outages().stream()
                            .map(Outage::what)
                            .toList())
                    .as("health names the outage")
                    .isEqualTo(List.of(topics.deadLetters())));
            topics.withDeadLetters();
            topics.awaitLagZero();
            ended.await();
            Await.untilAsserted(() -> assertThat(consumer.health().outages())
                    .as("health names it no more")
                    .isEmpty());
        }
        assertThat(handled).isEqualTo(upTo(41));
        assertThat(topics.read(topics.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.REASON)).isEqualTo("INVALID");
            assertThat(letter.value()).isEqualTo(new byte[] {'{', '}'});
        });
    }

    @Test
    void aBacklogIsNeverTakenForNoLag() throws Exception {
        topics.withDeadLetters().publishAll(90);
        CountDownLatch open = new CountDownLatch(1);
        List<Long> seen = new CopyOnWriteArrayList<>();
        try (ResilientConsumer consumer = topics.consumer()
                .handle(Topics.PageViewed.class, (event, delivery) -> open.await())
                .build()) {
            consumer.start();
            Await.until("every partition's lag is known", () -> {
                List<PartitionHealth> partitions = consumer.health().partitions();
                partitions.forEach(partition -> partition.lag().ifPresent(seen::add));
                return partitions.size() == 3 && partitions.stream().allMatch(partition -> partition.position() > 0);
            });
            open.countDown();
        }
        assertThat(seen).isNotEmpty().doesNotContain(0L);
    }

    @Test
    void afterACrashOnlyWhatWasNotCommittedComesAgain() {
        topics.withDeadLetters().publishAll(300);
        FaultyClient client = new FaultyClient();
        try (ResilientConsumer consumer = consumer(client).build()) {
            consumer.start();
            Await.untilAsserted(() -> assertThat(handled).as("all handled").hasSize(300));
            client.crash();
            Await.untilAsserted(
                    () -> assertThat(consumer.health().state()).as("stopped").isEqualTo(ConsumerState.STOPPED));
        }
        Map<Integer, Long> committed = IntStream.range(0, 3)
                .boxed()
                .collect(Collectors.toMap(
                        partition -> partition,
                        partition -> topics.committed(partition) == null
                                ? 0L
                                : topics.committed(partition).offset()));
        topics.publishAll(30);
        Queue<String> again = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer successor = topics.consumer()
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) -> again.add(delivery.partition() + "@" + delivery.offset()))
                .build()) {
            successor.start();
            topics.awaitLagZero();
        }
        assertThat(again)
                .containsExactlyInAnyOrderElementsOf(committed.entrySet().stream()
                        .flatMap(partition -> IntStream.range(
                                        partition.getValue().intValue(), 110)
                                .mapToObj(offset -> partition.getKey() + "@" + offset))
                        .toList());
    }

    @Test
    void aCommitWhoseAnswerIsLostIsReadBackAndTheLineGoesOn() {
        topics.withDeadLetters().publishAll(30);
        FaultyClient client = new FaultyClient();
        try (ResilientConsumer consumer = consumer(client).build()) {
            client.nextCommit(FaultyClient.Fate.ANSWER_LOST);
            consumer.start();
            topics.awaitLagZero();
            topics.publishAll(60);
            topics.awaitLagZero();
        }
        assertThat(client.joins)
                .as("it arrived, so there is no need to join again")
                .hasValue(1);
    }

    @Test
    void aCommitThatMayStillArriveMakesTheConsumerJoinAgainBeforeTheNextOne() {
        topics.withDeadLetters().publishAll(30);
        FaultyClient client = new FaultyClient();
        try (ResilientConsumer consumer = consumer(client).build()) {
            client.nextCommit(FaultyClient.Fate.LOST);
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(client.joins).hasValue(2);
        assertThat(handled).isEqualTo(upTo(30));
    }

    @Test
    void whatIsSettledIsCommittedBeforeAPartitionGoesSoNothingComesTwice() {
        topics.withDeadLetters().publishAll(90);
        Queue<String> deliveries = new ConcurrentLinkedQueue<>();
        Map<String, Object> properties = topics.properties();
        properties.put("heartbeat.interval.ms", 300);
        ConsumerBuilder builder = topics.consumer()
                .kafka(properties)
                .commitInterval(Duration.ofMinutes(1)) // never, in this test
                .handle(Topics.PageViewed.class, (event, delivery) -> deliveries.add(delivery.toString()));
        try (ResilientConsumer first = builder.build();
                ResilientConsumer second = builder.build()) {
            first.start();
            Await.untilAsserted(() -> assertThat(deliveries).as("all handled").hasSize(90));
            second.start();
            Await.untilAsserted(() -> assertThat(second.health().partitions())
                    .as("a partition went over")
                    .isNotEmpty());
            topics.publishAll(30);
            Await.untilAsserted(
                    () -> assertThat(deliveries).as("the rest handled").hasSizeGreaterThanOrEqualTo(120));
            assertThat(first.close(Await.LIMIT).drained()).isTrue();
            assertThat(second.close(Await.LIMIT).drained()).isTrue();
        }
        assertThat(deliveries).hasSize(120).doesNotHaveDuplicates();
        assertThat(topics.lag()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void twoConsumersThatComeAndGoLoseNothing(String protocol) {
        topics.withDeadLetters();
        Map<String, Object> properties = protocol.equals("classic") ? topics.properties() : topics.properties(protocol);
        ConsumerBuilder builder = consumer(new FaultyClient()).kafka(properties);
        topics.publishAll(3_000);
        try (ResilientConsumer first = builder.build()) {
            first.start();
            Await.untilAsserted(() -> assertThat(handled).as("first runs").hasSizeGreaterThan(100));
            try (ResilientConsumer second = builder.build()) {
                second.start();
                Await.until(
                        "both own partitions",
                        () -> !second.health().partitions().isEmpty()
                                && first.health().partitions().size() < 3);
                IntStream.range(3_000, 6_000).forEach(i -> topics.publish(i % 3, i));
                topics.producer.flush();
                topics.awaitLagZero();
            }
            IntStream.range(6_000, 9_000).forEach(i -> topics.publish(i % 3, i));
            topics.producer.flush();
            topics.awaitLagZero();
            CloseReport report = first.close(Await.LIMIT);
            assertThat(report.drained()).isTrue();
        }
        assertThat(handled).isEqualTo(upTo(9_000));
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }
}
