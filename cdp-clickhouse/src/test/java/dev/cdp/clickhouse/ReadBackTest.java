package dev.cdp.clickhouse;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which rows count as those of a batch that may be stored, and for how long its token counts as remembered. */
@CdpTest
final class ReadBackTest {

    private static final int WINDOW = 100;

    private final EmbeddedClickHouse shared;
    private final Fixture fixture;

    ReadBackTest(EmbeddedClickHouse shared) {
        this.shared = shared;
        this.fixture = new Fixture(shared);
    }

    private ClickHouseSink sink() {
        return ClickHouseSink.builder(fixture.clicks())
                .url(shared.url())
                .credentials(shared.user(), shared::password)
                .timeout(Duration.ofSeconds(20))
                .deduplicationWindow(WINDOW)
                .build();
    }

    private static void fill(ClickHouseSink sink, long first, int batches) throws InterruptedException {
        for (long offset = first; offset < first + batches; offset++) {
            sink.write(Fixture.clicks(offset, offset + 1));
        }
    }

    private static EventBatch again(BatchId id, EventBatch batch) {
        return new EventBatch(id, batch.events(), Attempt.AGAIN);
    }

    /** None is remembered any more, so that only the rows that are found tell whether a batch is stored. */
    @Test
    void onlyRowsOfTheSameTopicPartitionRangeAndReplayAreThoseOfTheBatch() throws Exception {
        EventBatch batch = Fixture.clicks(0, 5);
        BatchId stored = batch.id();
        try (ClickHouseSink sink = sink()) {
            sink.migrate();
            sink.write(batch);
            fill(sink, 1_000, WINDOW + 5);
            assertThat(sink.write(again(stored, batch))).isEqualTo(SinkResult.stored(5));
            assertThat(count("_offset < 5")).isEqualTo("5");

            List<BatchId> others = List.of(
                    new BatchId(stored.topic(), stored.topicId(), stored.partition(), 0, 5, 1),
                    new BatchId(stored.topic(), stored.topicId(), stored.partition() + 1, 0, 5, 0),
                    new BatchId(stored.topic(), new UUID(9, 9), stored.partition(), 0, 5, 0));
            for (BatchId other : others) {
                assertThat(sink.write(again(other, batch))).isEqualTo(SinkResult.stored(5));
            }
            assertThat(count("_offset < 5 AND _replay = 1")).isEqualTo("5");
            assertThat(count("_offset < 5 AND _partition = " + (stored.partition() + 1)))
                    .isEqualTo("5");
            assertThat(count("_offset < 5 AND _topic_id = '" + new UUID(9, 9) + "'"))
                    .isEqualTo("5");

            EventBatch next = Fixture.clicks(5, 8);
            assertThat(sink.write(again(next.id(), next))).isEqualTo(SinkResult.stored(3));
            assertThat(count("_offset BETWEEN 5 AND 7")).isEqualTo("3");
        }
    }

    private String count(String condition) {
        return fixture.query("SELECT count() FROM {db}.clicked WHERE " + condition);
    }

    /** Two writers may use the other half meanwhile: with a view behind the table, the sink stops rather than guesses. */
    @Test
    void halfOfTheWindowCountsAsRememberedAndNotOnePartMore() throws Exception {
        EventBatch batch = Fixture.clicks(0, 5);
        try (ClickHouseSink sink = sink()) {
            sink.migrate();
            fixture.query("CREATE MATERIALIZED VIEW {db}.rollup ENGINE = SummingMergeTree ORDER BY digit"
                    + " SETTINGS non_replicated_deduplication_window = 10000"
                    + " AS SELECT n % 10 AS digit, count() AS clicks FROM {db}.clicked GROUP BY digit");
            fixture.query("SYSTEM STOP MERGES {db}.clicked");
            sink.write(batch);
            fill(sink, 1_000, WINDOW / 2 - 1);
            assertThat(sink.write(again(batch.id(), batch))).isEqualTo(SinkResult.stored(5));

            fill(sink, 2_000, 1);
            assertThatThrownBy(() -> sink.write(again(batch.id(), batch)))
                    .isInstanceOf(ClickHouseSetupException.class)
                    .hasMessageContaining("remember (" + WINDOW + " parts, of which half count)");
            assertThat(count("_offset < 5")).isEqualTo("5");
        }
    }
}
