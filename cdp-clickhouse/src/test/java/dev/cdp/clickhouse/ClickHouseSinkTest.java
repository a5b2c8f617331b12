package dev.cdp.clickhouse;

import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A batch is stored once, whole, in the tables of its events. */
@CdpTest
final class ClickHouseSinkTest {

    private final Fixture fixture;

    ClickHouseSinkTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    @Test
    void everyEventOfABatchIsARowThatSaysWhereItCameFrom() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            SinkResult result = sink.write(Fixture.batch(
                    7,
                    9,
                    List.of(
                            Fixture.event(7, "clicked", "{\"n\":1,\"label\":\"ä\"}"),
                            Fixture.event(8, "clicked", "{\"n\":-2}"))));

            assertThat(result).isEqualTo(SinkResult.stored(2));
            assertThat(fixture.query("SELECT * EXCEPT _loaded_at FROM {db}.clicked ORDER BY _offset FORMAT TSV"))
                    .isEqualTo("""
                            id-7\t2026-03-04 05:06:07.089\t1\t1\tä\t{}\tt\t%1$s\t0\t7\t0
                            id-8\t2026-03-04 05:06:07.089\t1\t-2\t\\N\t{}\tt\t%1$s\t0\t8\t0""".formatted(Fixture.TOPIC_ID));
            assertThat(fixture.query("SELECT max(abs(_loaded_at - now64(3))) < 60 FROM {db}.clicked"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aBatchThatComesAgainAddsNoRow() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks());
                ClickHouseSink other = fixture.sink(fixture.clicks())) {
            sink.migrate();
            EventBatch batch = Fixture.clicks(0, 1000);
            for (int i = 0; i < 3; i++) {
                assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(1000));
                assertThat(other.write(batch)).isEqualTo(SinkResult.stored(1000));
            }
            other.write(Fixture.clicks(1000, 1500));

            assertThat(fixture.query("SELECT count(), uniqExact(_offset) FROM {db}.clicked"))
                    .isEqualTo("1500\t1500");
        }
    }

    @Test
    void aBatchThatComesAgainWithFewerEventsIsStillTheSameBatch() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            EventBatch whole = Fixture.clicks(0, 100);
            sink.write(whole);
            sink.write(Fixture.batch(0, 100, whole.events().subList(0, 60)));

            assertThat(fixture.query("SELECT count() FROM {db}.clicked")).isEqualTo("100");
        }
    }

    @Test
    void aBatchOfAnotherReplayIsStoredAgainUnderItsNumber() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            EventBatch batch = Fixture.clicks(0, 100);
            BatchId id = batch.id();
            BatchId wanted = new BatchId(
                    id.topic(), id.topicId(), id.partition(), id.firstOffset(), id.endOffset(), id.replay() + 1);
            sink.write(batch);
            for (int time = 0; time < 2; time++) {
                sink.write(new EventBatch(wanted, batch.events()));
            }

            assertThat(fixture.query("SELECT _replay, count(), uniqExact(_offset) FROM {db}.clicked GROUP BY _replay"
                            + " ORDER BY _replay"))
                    .isEqualTo("0\t100\t100\n1\t100\t100");
        }
    }

    @Test
    void aBatchOfManyMonthsThatComesAgainAddsNoRow() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            List<SinkEvent> events = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                events.add(Fixture.event(i, "clicked", Fixture.TIME.minusSeconds(i * 2_700_000L), "{\"n\":1}"));
            }
            EventBatch batch = Fixture.batch(0, 150, events);
            sink.write(batch);
            sink.write(batch);

            assertThat(fixture.query("SELECT count(), uniqExact(_partition_id) > 140 FROM {db}.clicked"))
                    .isEqualTo("150\t1");
        }
    }

    @Test
    void eachEventGoesToItsOwnTableAndOneWithoutATableIsAccepted() throws Exception {
        Catalog catalog = fixture.catalog("""
                a: { schema: { type: object, required: [x], properties: { x: { type: integer } } } }
                b: { schema: { type: object, required: [x], properties: { x: { type: string } } } }
                c: { schema: { type: object }, table: none }
                """);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            EventBatch batch = Fixture.batch(
                    0,
                    4,
                    List.of(
                            Fixture.event(0, "b", "{\"x\":\"1\"}"),
                            Fixture.event(1, "c", "{}"),
                            Fixture.event(2, "a", "{\"x\":5}"),
                            Fixture.event(3, "b", "{\"x\":\"2\"}")));

            assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(4));
            assertThat(fixture.query("SELECT count(), sum(x) FROM {db}.a")).isEqualTo("1\t5");
            assertThat(
                            fixture.query(
                                    "SELECT table, count() FROM system.parts WHERE database = '{db}' GROUP BY table ORDER BY 1"))
                    .as("one insert a table, not one an event")
                    .isEqualTo("a\t1\nb\t1");
            assertThat(fixture.query("SELECT groupArray((_offset, x)) FROM (SELECT * FROM {db}.b ORDER BY _offset)"))
                    .isEqualTo("[(0,'1'),(3,'2')]");
        }
    }

    @Test
    void whenALaterTableFailsTheWholeBatchIsWrittenAgainAndTheEarlierTableDropsWhatItHas() throws Exception {
        Catalog catalog = fixture.catalog("""
                a: { schema: { type: object, required: [x], properties: { x: { type: integer } } } }
                b: { schema: { type: object, required: [x], properties: { x: { type: integer } } } }
                """);
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            EventBatch batch = Fixture.batch(
                    0, 2, List.of(Fixture.event(0, "a", "{\"x\":1}"), Fixture.event(1, "b", "{\"x\":2}")));
            fixture.query("RENAME TABLE {db}.b TO {db}.elsewhere");
            assertThatThrownBy(() -> sink.write(batch))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining(fixture.table("b"));
            fixture.query("RENAME TABLE {db}.elsewhere TO {db}.b");

            assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(2));
            assertThat(fixture.query("SELECT (SELECT count() FROM {db}.a), (SELECT count() FROM {db}.b)"))
                    .isEqualTo("1\t1");
        }
    }

    @Test
    void aPayloadThatDoesNotFitIsRejectedAndNothingOfItsBatchIsStored() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            SinkResult result = sink.write(Fixture.batch(
                    0,
                    3,
                    List.of(
                            Fixture.event(0, "clicked", "{\"n\":1}"),
                            Fixture.event(1, "clicked", "{\"n\":\"secret\"}"),
                            Fixture.event(2, "clicked", "{\"label\":\"secret\"}"))));

            assertThat(result.accepted()).isZero();
            assertThat(result.rejected())
                    .containsExactly(
                            new SinkResult.Rejection(
                                    1,
                                    DeadLetterReason.NOT_INSERTABLE,
                                    "/n",
                                    "column n is Int64: expected an integer that fits Int64, found another string"),
                            new SinkResult.Rejection(
                                    2,
                                    DeadLetterReason.NOT_INSERTABLE,
                                    "/n",
                                    "column n is Int64: expected a value, found nothing"));
            assertThat(fixture.query("SELECT count() FROM {db}.clicked")).isEqualTo("0");
        }
    }

    @Test
    void aServerThatIsNotThereIsNamedWithinSeconds() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (ClickHouseSink sink = fixture.sink(fixture.clicks(), URI.create("http://127.0.0.1:" + port))) {
            assertThatThrownBy(sink::migrate)
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("no ClickHouse answers at http://127.0.0.1:" + port);
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 1)))
                    .isInstanceOfSatisfying(
                            ClickHouseUnavailableException.class,
                            e -> assertThat(e.retryable()).isTrue());
        }
    }

    @Test
    void aWrongPasswordIsNamedAndNotShown() {
        try (ClickHouseSink sink = ClickHouseSink.builder(fixture.clicks())
                .url(fixture.server.url())
                .credentials(fixture.server.user(), () -> "hunter2\nhunter2")
                .build()) {
            assertThatThrownBy(sink::migrate).isInstanceOfSatisfying(ClickHouseUnavailableException.class, e -> {
                assertThat(e).hasMessageContaining("516 AUTHENTICATION_FAILED").hasMessageContaining("credentials");
                assertThat(e).hasStackTraceContaining("ClickHouse").message().doesNotContain("hunter2");
            });
            assertThat(sink.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotShown() {
        for (String url : List.of(
                "http://cdp:hunter2@localhost:8123",
                "http://cdp:hun@ter2@localhost:8123",
                "http://localhost:8123/?user=cdp&password=hunter2",
                "http://localhost:8123/#hunter2")) {
            assertThatThrownBy(() -> ClickHouseSink.builder(fixture.clicks()).url(URI.create(url)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("credentials")
                    .message()
                    .doesNotContain("hunter2")
                    .doesNotContain("ter2");
        }
        assertThatThrownBy(() -> ClickHouseSink.builder(fixture.clicks()).url(URI.create("tcp://localhost:9000")))
                .hasMessageContaining("expected http://host:port");
    }

    @Test
    void anEventThatTheCatalogDoesNotKnowStopsTheBatch() {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            assertThatThrownBy(() -> sink.write(Fixture.batch(0, 1, List.of(Fixture.event(0, "cliked", "{}")))))
                    .isInstanceOf(ClickHouseSetupException.class)
                    .hasMessageContaining("'cliked'")
                    .hasMessageContaining("clicked");
        }
    }
}
