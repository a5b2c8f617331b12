package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The tables of a batch, and the batches of partitions, are inserted at once and still once each. */
@CdpTest
final class ParallelInsertsTest {

    private final Fixture fixture;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ParallelInsertsTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void theTablesOfABatchAreInsertedAtOnceAndABatchThatComesAgainAddsNoRow() throws Exception {
        Catalog catalog = fixture.catalog("""
                a: { schema: { type: object, required: [x], properties: { x: { type: integer } } } }
                b: { schema: { type: object, required: [x], properties: { x: { type: integer } } } }
                """);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            slow("a");
            slow("b");
            List<SinkEvent> events = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                events.add(Fixture.event(i, i % 2 == 0 ? "a" : "b", "{\"x\":" + i + "}"));
            }
            EventBatch batch = Fixture.batch(0, 20, events);

            Future<SinkResult> write = threads.submit(() -> sink.write(batch));
            assertThat(mostAtOnce(write)).isEqualTo(2);
            assertThat(write.get()).isEqualTo(SinkResult.stored(20));
            assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(20));

            assertThat(fixture.query("SELECT (SELECT count() FROM {db}.a), (SELECT count() FROM {db}.b),"
                            + " (SELECT count() FROM {db}.slow_a), (SELECT count() FROM {db}.slow_b)"))
                    .isEqualTo("10\t10\t10\t10");
        }
    }

    @Test
    void theBatchesOfTwoPartitionsAreInsertedAtOnce() throws Exception {
        Catalog catalog =
                fixture.catalog("a: { schema: { type: object, required: [x], properties: { x: { type: integer } } } }");
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            slow("a");
            Future<SinkResult> one = threads.submit(() -> sink.write(batch(0)));
            Future<SinkResult> other = threads.submit(() -> sink.write(batch(1)));

            assertThat(mostAtOnce(other)).isEqualTo(2);
            assertThat(List.of(one.get(), other.get())).containsOnly(SinkResult.stored(2));
            assertThat(fixture.query("SELECT count(), uniqExact(_partition) FROM {db}.a"))
                    .isEqualTo("4\t2");
        }
    }

    private static EventBatch batch(int partition) {
        return new EventBatch(
                new BatchId("t", Fixture.TOPIC_ID, partition, 0, 2, 0),
                List.of(Fixture.event(0, "a", "{\"x\":1}"), Fixture.event(1, "a", "{\"x\":2}")));
    }

    @Test
    void aBatchGoesOnByItselfWhileAllThreadsOfTheSinkAreBusy() throws Exception {
        CountDownLatch busy = new CountDownLatch(20);
        CountDownLatch go = new CountDownLatch(1);
        try (ParallelInserts inserts = new ParallelInserts()) {
            List<Callable<String>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(() -> {
                    busy.countDown();
                    go.await();
                    return "late";
                });
            }
            var unused = threads.submit(() -> inserts.run(waiting));
            assertThat(threads.submit(() -> inserts.run(List.of(() -> "a", () -> "b", () -> "c")))
                            .get(30, TimeUnit.SECONDS))
                    .containsExactly("a", "b", "c");
            go.countDown();
        }
    }

    @Test
    void allInsertsEndBeforeOneThatFailedIsThrown() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        try (ParallelInserts inserts = new ParallelInserts()) {
            Callable<Integer> fails = () -> {
                failed.countDown();
                throw new ClickHouseUnavailableException("away", new IllegalStateException());
            };
            Callable<Integer> slow = () -> {
                failed.await();
                return ended.incrementAndGet();
            };
            assertThatThrownBy(() -> inserts.run(List.of(fails, slow, slow)))
                    .isInstanceOf(ClickHouseUnavailableException.class);
            assertThat(ended).hasValue(2);
        }
    }

    @Test
    void bytesBeyondTheBudgetWaitForOthersToEnd() throws Exception {
        ByteBudget budget = new ByteBudget(10_000);
        ByteBudget.Share first = budget.take(6_000);
        Future<ByteBudget.Share> second = threads.submit(() -> budget.take(6_000));
        assertThatThrownBy(() -> second.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        first.close();
        second.get(30, TimeUnit.SECONDS).close();
        budget.take(1L << 40).close();
    }

    /** A view that takes half a second for an insert. */
    private void slow(String table) {
        fixture.query("CREATE MATERIALIZED VIEW {db}.slow_" + table + " ENGINE = MergeTree ORDER BY x"
                + " SETTINGS non_replicated_deduplication_window = 10000 AS SELECT x, sleep(0.7) AS s FROM {db}."
                + table);
    }

    /** How many inserts into this test's tables the server has seen at once by the time that they are done. */
    private int mostAtOnce(Future<?> write) {
        int most = 0;
        while (!write.isDone()) {
            most = Math.max(
                    most,
                    Integer.parseInt(fixture.query("SELECT uniqExact(query_id) FROM system.processes WHERE"
                            + " query_id LIKE 'cdp-%' AND query LIKE '%{db}%'")));
        }
        return most;
    }
}
