package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.BatchTooLargeException;
import dev.cdp.core.sink.BatchWriter;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventSink;
import dev.cdp.core.sink.EventsNeededException;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
class SinkTest {

    private Topics topics;
    private final OnceStore store = new OnceStore();

    @BeforeEach
    void open(EmbeddedKafka kafka) {
        topics = new Topics(kafka, 2).withDeadLetters();
    }

    @AfterEach
    void close() {
        topics.close();
    }

    @Test
    void everyWriteIsPrecededByTheCommitOfItsPlan() {
        topics.publishAll(500);
        try (ResilientConsumer consumer = topics.consumer()
                .sink(batch -> {
                    assertPlanned(batch.id());
                    return store.write(batch);
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 500, 0, 0, 0));
        }
        assertThat(store.rows()).isEqualTo(OnceStore.rows(250));
        assertThat(store.writes).doesNotHaveDuplicates();
    }

    private void assertPlanned(BatchId batch) {
        OffsetAndMetadata committed = topics.committed(batch.partition());
        try {
            Envelope plan = Envelope.parse(committed == null ? "" : committed.metadata());
            assertThat(committed.offset()).isEqualTo(batch.firstOffset());
            assertThat(plan.end()).isEqualTo(batch.endOffset());
        } catch (CommitText.UnreadableException | AssertionError e) {
            // An exception would only be an outage to the consumer: this ends it, and the test.
            AssertionError failure = new AssertionError(batch + " is written before its plan is committed", e);
            throw new ConsumerStoppedException("no plan", failure);
        }
    }

    @Test
    void anOutageOfTheSinkIsWaitedOutWithTheSameBatchesAndNoDeadLetter() throws Exception {
        topics.publishAll(200);
        AtomicBoolean down = new AtomicBoolean(true);
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Map<Integer, BatchId> first = new ConcurrentHashMap<>();
        try (ResilientConsumer consumer = topics.consumer()
                .sink(batch -> {
                    BatchId before = first.putIfAbsent(batch.id().partition(), batch.id());
                    if (down.get()) {
                        assertThat(before == null ? batch.id() : before).isEqualTo(batch.id());
                        refused.incrementAndGet();
                        throw new IllegalStateException("connection refused");
                    }
                    return store.write(batch);
                })
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
            began.await();
            Await.untilAsserted(() -> assertThat(refused.get())
                    .as("each batch is tried again and again")
                    .isGreaterThanOrEqualTo(5));
            Await.until(
                    "health tells",
                    () -> consumer.health().outages().stream()
                            .anyMatch(outage -> outage.what().equals("sink of " + topics.topic)));
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
            assertThat(topics.lag()).isEqualTo(200);
            down.set(false);
            topics.awaitLagZero();
            ended.await();
        }
        assertThat(store.batches).containsKeys(first.get(0), first.get(1));
        assertThat(store.rows()).isEqualTo(OnceStore.rows(100));
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    /** The first batch of one partition is too large for a while, that of the other meets an outage of another kind. */
    @Test
    void afterABatchThatIsTooLargeForTheSinkTheNextOnesAreSmallerAndGrowAgain() {
        topics.publishAll(2 * 1_500);
        Map<Integer, List<BatchId>> tries = new ConcurrentHashMap<>();
        Map<Integer, List<Integer>> sizes = new ConcurrentHashMap<>();
        try (ResilientConsumer consumer = topics.consumer()
                .batches(new BatchLimits(200, 16 << 20, Duration.ofMinutes(1)))
                .sink(batch -> {
                    int partition = batch.id().partition();
                    List<BatchId> before = tries.computeIfAbsent(partition, any -> new CopyOnWriteArrayList<>());
                    before.add(batch.id());
                    if (before.size() < 3) {
                        throw partition == 0
                                ? new BatchTooLargeException("memory limit", null)
                                : new IllegalStateException("connection refused");
                    }
                    sizes.computeIfAbsent(partition, any -> new CopyOnWriteArrayList<>())
                            .add(batch.events().size());
                    return store.write(batch);
                })
                .build()) {
            consumer.start();
            for (int partition = 0; partition < 2; partition++) {
                int p = partition;
                Await.untilAsserted(
                        () -> assertThat(sizes.getOrDefault(p, List.of()).size())
                                .as("eight batches of partition " + p)
                                .isGreaterThanOrEqualTo((p == 0 ? 8 : 7)));
            }
        }
        assertThat(tries.get(0).subList(0, 3))
                .as("the planned batch")
                .containsOnly(tries.get(0).get(0));
        assertThat(sizes.get(0).subList(0, 2))
                .as("what was planned or had formed keeps its size")
                .containsExactly(200, 200);
        assertThat(sizes.get(0).get(2)).isBetween(50, 125);
        assertThat(sizes.get(0).subList(2, 8)).isSorted().endsWith(200);
        assertThat(sizes.get(1)).containsOnly(200);
    }

    @Test
    void aBatchWaitsForItsLimitsHoweverFewRecordsAPollBrings() {
        topics.publishAll(2 * 400);
        Map<String, Object> properties = new HashMap<>(topics.properties());
        properties.put("max.poll.records", 7);
        try (ResilientConsumer consumer = topics.consumer()
                .kafka(properties)
                .batches(new BatchLimits(200, 16 << 20, Duration.ofMinutes(10)))
                .sink(store)
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        assertThat(store.batches.values())
                .hasSize(4)
                .allSatisfy(offsets -> assertThat(offsets).hasSize(200));
        assertThat(store.rows()).isEqualTo(OnceStore.rows(400));
    }

    @Test
    void whatTheSinkRejectsIsDeadLetteredAndTheRestIsWrittenUnderTheSameId() {
        topics.publishAll(100);
        Queue<BatchId> asked = new ConcurrentLinkedQueue<>();
        try (ResilientConsumer consumer = topics.consumer()
                .sink(batch -> {
                    asked.add(batch.id());
                    List<SinkResult.Rejection> guilty = batch.events().stream()
                            .filter(event -> event.offset() == 5)
                            .map(event -> new SinkResult.Rejection(
                                    5,
                                    DeadLetterReason.NOT_INSERTABLE,
                                    "/ordinal",
                                    "column ordinal takes no such value"))
                            .toList();
                    assertPlanned(batch.id());
                    return guilty.isEmpty() ? store.write(batch) : SinkResult.rejected(guilty);
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        }
        List<String> expected = OnceStore.rows(50);
        expected.removeAll(List.of("0@5", "1@5"));
        assertThat(store.rows()).isEqualTo(expected);
        assertThat(topics.read(topics.deadLetters())).hasSize(2).allSatisfy(letter -> {
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.REASON)).isEqualTo("NOT_INSERTABLE");
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.STAGE)).isEqualTo("sink");
            assertThat(HandlerTest.header(letter, DeadLetterHeaders.EVENT)).isEqualTo("page_viewed");
        });
        assertThat(asked.stream().filter(id -> id.firstOffset() <= 5 && id.endOffset() > 5))
                .hasSize(4)
                .allSatisfy(id -> assertThat(store.batches).containsKey(id));
    }

    /** It keeps what it is told of while a batch forms, and once has to ask for the events themselves. */
    private final class Forgetful implements EventSink {

        private final Queue<BatchId> whole = new ConcurrentLinkedQueue<>();

        @Override
        public BatchWriter begin() {
            List<SinkEvent> told = new ArrayList<>();
            return new BatchWriter() {
                @Override
                public void add(SinkEvent event, @Nullable FieldPlaces places) {
                    told.add(event);
                }

                @Override
                public SinkResult write(BatchId batch, EventBatch.Attempt attempt) {
                    if (told.stream().anyMatch(event -> event.offset() == 5)) {
                        throw new EventsNeededException("a row is refused");
                    }
                    return store.write(new EventBatch(batch, told, attempt));
                }
            };
        }

        @Override
        public SinkResult write(EventBatch batch) {
            if (batch.id().partition() == 1) {
                return store.write(batch);
            }
            whole.add(batch.id());
            return OnceStore.offsets(batch).contains(5L)
                    ? SinkResult.rejected(List.of(new SinkResult.Rejection(
                            5, DeadLetterReason.NOT_INSERTABLE, "/ordinal", "column ordinal takes no such value")))
                    : store.write(batch);
        }
    }

    @Test
    void whatASinkHasLetGoIsReadAgainAndNothingIsDoubled() {
        for (int ordinal = 0; ordinal < 20; ordinal++) {
            topics.publish(1, ordinal);
            if (ordinal == 3) {
                topics.send(0, "k", "page_viewed", "{\"ordinal\":\"three\"}");
            } else {
                topics.publish(0, ordinal);
            }
        }
        Forgetful sink = new Forgetful();
        Map<ConsumerListener.Fate, Integer> fates = new ConcurrentHashMap<>();
        List<Outage> outages = new CopyOnWriteArrayList<>();
        try (ResilientConsumer consumer = topics.consumer()
                .batches(new BatchLimits(8, 1 << 20, Duration.ofMillis(300)))
                .sink(sink)
                .listener(new ConsumerListener() {
                    @Override
                    public void counted(String topic, int partition, Fate fate, int records) {
                        fates.merge(fate, records, Integer::sum);
                    }

                    @Override
                    public void outageBegan(Outage outage) {
                        outages.add(outage);
                    }
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
            assertThat(consumer.health().partitions())
                    .as("%s", consumer.health())
                    .isNotEmpty()
                    .allMatch(partition -> partition.counts().balanced());
            assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 38, 2, 0, 0));
        }
        assertThat(outages).as("a sink that asks for events answers").isEmpty();
        int read = fates.remove(ConsumerListener.Fate.READ);
        assertThat(fates.values().stream().mapToInt(Integer::intValue).sum())
                .as("%s", fates)
                .isEqualTo(read);
        assertThat(fates).containsKey(ConsumerListener.Fate.RETURNED);
        List<String> expected = OnceStore.rows(20);
        expected.removeAll(List.of("0@3", "0@5"));
        assertThat(store.rows()).isEqualTo(expected);
        assertThat(sink.whole)
                .as("asked once to reject and once for the rest")
                .hasSize(2)
                .containsOnly(sink.whole.peek());
        assertThat(topics.read(topics.deadLetters()))
                .extracting(letter -> HandlerTest.header(letter, DeadLetterHeaders.REASON))
                .as("each dead letter once, though the batch was read three times")
                .containsExactlyInAnyOrder("INVALID", "NOT_INSERTABLE");
        assertThat(topics.read(topics.deadLetters()))
                .filteredOn(letter ->
                        HandlerTest.header(letter, DeadLetterHeaders.REASON).equals("NOT_INSERTABLE"))
                .singleElement()
                .satisfies(letter -> assertThat(HandlerTest.header(letter, DeadLetterHeaders.VIOLATIONS))
                        .contains("/ordinal")
                        .contains("column ordinal takes no such value"));
    }

    @Test
    void aSinkThatRejectsAsMuchAsADriftedTableIsAnOutageThatEndsByItselfAndLosesNothing() throws Exception {
        topics.publishAll(100);
        AtomicBoolean drifted = new AtomicBoolean(true);
        try (ResilientConsumer consumer = topics.consumer()
                .sink(batch -> drifted.get()
                        ? SinkResult.rejected(batch.events().stream()
                                .map(event -> new SinkResult.Rejection(
                                        event.offset(), DeadLetterReason.NOT_INSERTABLE, "", "no such column"))
                                .toList())
                        : store.write(batch))
                .build()) {
            consumer.start();
            Await.until(
                    "the outage is told",
                    () -> consumer.health().outages().toString().contains("EventsRefusedException"));
            assertThat(consumer.health().state()).isEqualTo(ConsumerState.RUNNING);
            assertThat(topics.lag()).isEqualTo(100);

            drifted.set(false);
            Await.until("all is loaded", () -> topics.lag() == 0);
            Await.until(
                    "the outage has ended", () -> consumer.health().outages().isEmpty());
        }
        assertThat(topics.read(topics.deadLetters())).isEmpty();
    }

    @Test
    void everyCommitWhileABatchIsOpenRepeatsItsPlan() {
        topics.publishAll(100);
        CountDownLatch open = new CountDownLatch(1);
        try {
            ResilientConsumer consumer = topics.consumer()
                    .sink(batch -> {
                        if (batch.id().partition() == 0) {
                            open.await();
                        }
                        return store.write(batch);
                    })
                    .build();
            consumer.start();
            Await.until("this partition is planned", () -> topics.planned(0));
            Await.untilAsserted(() -> assertThat(committed(1))
                    .as("the other partition is through")
                    .isEqualTo(50));
            OffsetAndMetadata planned = topics.committed(0);
            for (int round = 2; round < 5; round++) {
                topics.publishAll(100);
                long end = round * 50L;
                Await.untilAsserted(
                        () -> assertThat(committed(1)).as("commits go on").isEqualTo(end));
                assertThat(topics.committed(0)).isEqualTo(planned);
            }
            assertThat(consumer.close(Duration.ofMillis(200)).drained()).isFalse();
            assertThat(topics.committed(0))
                    .as("after a close that did not wait")
                    .isEqualTo(planned);
        } finally {
            open.countDown();
        }
        try (ResilientConsumer successor = topics.consumer().sink(store).build()) {
            successor.start();
            topics.awaitLagZero();
        }
        assertThat(store.rows()).isEqualTo(OnceStore.rows(200));
    }

    private long committed(int partition) {
        OffsetAndMetadata committed = topics.committed(partition);
        return committed == null ? -1 : committed.offset();
    }

    /** The executor holds the consumer's thread, as a pause of the process would, and then runs the job. */
    @Test
    void whoWasPausedLongerThanItsLeaseDoesNotWrite() {
        for (int i = 0; i < 50; i++) {
            topics.publish(0, i);
        }
        topics.producer.flush();
        Map<String, Object> properties = new HashMap<>(topics.properties());
        properties.put("max.poll.interval.ms", 1_000);
        AtomicInteger jobs = new AtomicInteger();
        AtomicBoolean paused = new AtomicBoolean();
        AtomicInteger writesOfThePaused = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ResilientConsumer consumer = topics.consumer()
                .kafka(properties)
                .executor(job -> {
                    if (jobs.incrementAndGet() != 2) { // the first is to judge the batch, the second to write it
                        threads.execute(job);
                        return;
                    }
                    paused.set(true);
                    LockSupport.parkNanos(Duration.ofMillis(1_300).toNanos());
                    CompletableFuture.runAsync(job, threads).join();
                    paused.set(false);
                })
                .sink(batch -> {
                    if (paused.get()) {
                        writesOfThePaused.incrementAndGet();
                    }
                    return store.write(batch);
                })
                .build()) {
            consumer.start();
            topics.awaitLagZero();
        } finally {
            threads.shutdownNow();
        }
        assertThat(jobs).hasValueGreaterThan(2);
        assertThat(writesOfThePaused).hasValue(0);
        assertThat(store.rows()).hasSize(50);
    }

    @Test
    void aSinkThatWaitsLongerThanARebalanceIsRefused() {
        EventSink slow = new EventSink() {
            @Override
            public SinkResult write(EventBatch batch) {
                return store.write(batch);
            }

            @Override
            public Duration timeout() {
                return Duration.ofSeconds(76);
            }
        };
        assertThatThrownBy(() -> topics.consumer().sink(slow).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the sink's timeout is 76000 ms")
                .hasMessageContaining("75000 ms, a quarter of max.poll.interval.ms");
    }

    @Test
    void probesAreCountedAndTheSinkNeverSeesThem() {
        topics.publishAll(20);
        topics.send(0, "k", CloudEvents.PROBE_TYPE, "{}");
        topics.publishAll(20);
        topics.send(1, "k", CloudEvents.PROBE_TYPE, "{}");
        topics.send(0, "k", "page_viewed", "{}");
        try (ResilientConsumer consumer = topics.consumer().sink(store).build()) {
            consumer.start();
            topics.producer.flush();
            topics.awaitLagZero();
            assertThat(consumer.health().probes()).isEqualTo(2);
            Await.untilAsserted(() -> assertThat(consumer.health().partitions().stream()
                            .map(PartitionHealth::counts)
                            .toList())
                    .as("every record is counted once")
                    .isEqualTo(List.of(new RecordCounts(22, 20, 1, 1, 0, 0), new RecordCounts(21, 20, 0, 1, 0, 0))));
            assertThat(consumer.close(Await.LIMIT)).isEqualTo(new CloseReport(true, 40, 1, 2, 0));
        }
        assertThat(store.rows()).hasSize(40).doesNotContain("0@10", "1@20", "0@21");
        assertThat(topics.read(topics.deadLetters())).hasSize(1);
    }

    @Test
    void aBatchOfTombstonesIsSettledWithoutAWrite() {
        topics.send(0, new byte[] {1}, "page_viewed", null);
        topics.send(1, new byte[] {1}, "", null);
        AtomicInteger ignored = new AtomicInteger();
        try (ResilientConsumer consumer = topics.consumer()
                .sink(store)
                .listener(new ConsumerListener() {
                    @Override
                    public void ignored(Delivery delivery, Ignored why) {
                        ignored.incrementAndGet();
                    }
                })
                .build()) {
            consumer.start();
            topics.producer.flush();
            Await.untilAsserted(
                    () -> assertThat(topics.committedTotal()).as("committed").isEqualTo(2));
        }
        assertThat(store.writes).isEmpty();
        assertThat(ignored).hasValue(2);
    }
}
