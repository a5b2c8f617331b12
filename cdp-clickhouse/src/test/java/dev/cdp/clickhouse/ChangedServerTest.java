package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.EventBatch.Attempt;
import dev.cdp.core.sink.SinkResult;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What somebody changes on the server under a running loader loses no value: loading waits, and goes on after the repair. */
@CdpTest
final class ChangedServerTest {

    private final Fixture fixture;
    private final EmbeddedClickHouse server;

    ChangedServerTest(EmbeddedClickHouse server) {
        this.server = server;
        this.fixture = new Fixture(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RENAME COLUMN label TO tag", "DROP COLUMN label"})
    void aColumnThatIsGoneIsAnOutageThatEndsWithMigrate(String change) throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            sink.write(labelled(0));
            fixture.query("ALTER TABLE {db}.clicked " + change);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sink.write(labelled(1)))
                        .isInstanceOf(ClickHouseUnavailableException.class)
                        .hasMessageContaining("table " + fixture.table("clicked") + " has no column label")
                        .hasMessageContaining("migrate()");
            }
            sink.migrate();
            assertThat(sink.write(labelled(1))).isEqualTo(SinkResult.stored(1));
            assertThat(fixture.query("SELECT label FROM {db}.clicked WHERE _offset = 1"))
                    .isEqualTo("yes");
        }
    }

    @Test
    void aTableThatIsGoneIsAnOutageThatEndsWithMigrate() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query("DROP TABLE {db}.clicked SYNC");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sink.write(labelled(0)))
                        .isInstanceOf(ClickHouseUnavailableException.class)
                        .hasMessageContaining("table " + fixture.table("clicked") + " does not exist");
            }
            sink.migrate();
            assertThat(sink.write(labelled(0))).isEqualTo(SinkResult.stored(1));
        }
    }

    @Test
    void aViewWhoseTargetIsGoneIsAnOutageOfThatViewAndEndsWithItsRepair() throws Exception {
        String target = "CREATE TABLE {db}.target (n Int64) ENGINE = MergeTree ORDER BY n"
                + " SETTINGS non_replicated_deduplication_window = 1000";
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query(target);
            fixture.query("CREATE MATERIALIZED VIEW {db}.somebodys TO {db}.target AS SELECT n FROM {db}.clicked");
            fixture.query("DROP TABLE {db}.target SYNC");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sink.write(labelled(0)))
                        .isInstanceOf(ClickHouseUnavailableException.class)
                        .hasMessageContaining("materialized view " + fixture.table("somebodys"));
            }
            fixture.query(target);
            assertThat(sink.write(labelled(0))).isEqualTo(SinkResult.stored(1));
            assertThat(fixture.query("SELECT (SELECT count() FROM {db}.clicked), (SELECT count() FROM {db}.target)"))
                    .isEqualTo("1\t1");
        }
    }

    @Test
    void aViewThatThrowsIsNamed() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            fixture.query("CREATE MATERIALIZED VIEW {db}.thrower ENGINE = MergeTree ORDER BY m"
                    + " SETTINGS non_replicated_deduplication_window = 1000"
                    + " AS SELECT assumeNotNull(throwIf(label = 'yes')) AS m FROM {db}.clicked");
            assertThatThrownBy(() -> sink.write(labelled(0)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("materialized view " + fixture.table("thrower") + " refuses them");
            fixture.query("DROP VIEW {db}.thrower SYNC");
            assertThat(sink.write(labelled(0))).isEqualTo(SinkResult.stored(1));
        }
    }

    /** A session's settings are below those of a statement, as a profile's are; each of these changes an answer or a row. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "use_query_cache=1",
                "limit=1",
                "offset=1",
                "force_primary_key=1",
                "empty_result_for_aggregation_by_empty_set=1",
                "aggregate_functions_null_for_empty=1",
                "extremes=1",
                "input_format_skip_unknown_fields=1",
                "timeout_overflow_mode=break",
                "session_timezone=Asia/Tokyo",
                "data_type_default_nullable=1"
            })
    void noProfileChangesWhatIsStoredOrAnswered(String setting) throws Exception {
        String session = fixture.database + "_" + setting.substring(0, setting.indexOf('='));
        try (AnswersTest.Proxy proxy = new AnswersTest.Proxy(server.url());
                ClickHouseSink sink = fixture.sink(fixture.clicks(), proxy.url())) {
            InsertPort port = new HttpTransport(
                    proxy.url(), new Credentials(server.user(), server::password), Duration.ofSeconds(20));
            proxy.extra = "&session_id=" + session;
            port.query("SET " + setting.replace("=", " = '") + "'");
            sink.migrate();
            EventBatch batch = Fixture.clicks(0, 10);
            assertThat(sink.write(batch)).isEqualTo(SinkResult.stored(10));
            assertThat(sink.holds(Fixture.TOPIC_ID, 0, 0, 0)).isTrue();
            assertThat(sink.holds(Fixture.TOPIC_ID, 0, 10, 0)).isFalse();
            assertThat(sink.write(new EventBatch(batch.id(), batch.events(), Attempt.AGAIN)))
                    .isEqualTo(SinkResult.stored(10));
            assertThat(sink.write(new EventBatch(
                            Fixture.clicks(20, 30).id(), Fixture.clicks(20, 30).events(), Attempt.AGAIN)))
                    .isEqualTo(SinkResult.stored(10));
        }
        assertThat(fixture.query("SELECT count(), uniqExact(_offset), sum(n = _offset) FROM {db}.clicked"))
                .isEqualTo("20\t20\t20");
    }

    @Test
    void aDryRunReadsColumnsThatHoldNothingAsTheTableDoes() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            for (String change : List.of(
                    "ADD COLUMN given Int64 EPHEMERAL 7",
                    "ADD COLUMN kept Int64 DEFAULT given + n",
                    "ADD COLUMN twice Int64 ALIAS n * 2",
                    "ADD COLUMN share Int64 MATERIALIZED intDiv(100, kept - 10)",
                    "ADD COLUMN more Int64 MATERIALIZED share + twice",
                    "ADD CONSTRAINT few CHECK n != 5 AND kept > 0")) {
                fixture.query("ALTER TABLE {db}.clicked " + change);
            }
            SinkResult result = sink.write(Fixture.clicks(0, 200));
            assertThat(result.rejected())
                    .extracting(SinkResult.Rejection::offset)
                    .containsExactly(3L, 5L);
            assertThat(result.rejected().get(0).message()).contains("the expression of column share");
            assertThat(result.rejected().get(1).message()).contains("the constraint few");
            assertThat(sink.write(Fixture.clicks(200, 210))).isEqualTo(SinkResult.stored(10));
        }
    }

    /** The clock of this machine is not asked: rows of different loaders are compared by it. */
    @Test
    void rowsAreLoadedAtTheServersTime() throws Exception {
        InsertPort real = new HttpTransport(
                server.url(), new Credentials(server.user(), server::password), Duration.ofSeconds(20));
        var options = ClickHouseSink.builder(fixture.clicks()).url(server.url());
        try (ClickHouseSink sink = new ClickHouseSink(
                options, new Asked(real, sql -> sql.replace("now64(3)", "now64(3) + INTERVAL 2 HOUR")))) {
            sink.migrate();
            sink.write(Fixture.clicks(0, 10));
        }
        assertThat(fixture.query("SELECT countIf(dateDiff('minute', now64(3), _loaded_at) BETWEEN 60 AND 120) FROM"
                        + " {db}.clicked"))
                .isEqualTo("10");
    }

    @Test
    void aViewThatTheUserMayNotSeeIsNamedAtStart() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
        }
        fixture.query("CREATE MATERIALIZED VIEW {db}.hidden ENGINE = MergeTree ORDER BY n"
                + " SETTINGS non_replicated_deduplication_window = 1000 AS SELECT n FROM {db}.clicked");
        InsertPort real = new HttpTransport(
                server.url(), new Credentials(server.user(), server::password), Duration.ofSeconds(20));
        var options = ClickHouseSink.builder(fixture.clicks()).url(server.url());
        String seen = "(SELECT * FROM system.tables WHERE engine != 'MaterializedView')";
        try (ClickHouseSink sink = new ClickHouseSink(
                options, new Asked(real, sql -> sql.replace("FROM system.tables", "FROM " + seen)))) {
            assertThatThrownBy(sink::migrate)
                    .isInstanceOf(ClickHouseSetupException.class)
                    .hasMessageContaining("feeds " + fixture.table("hidden") + ", which this user may not see")
                    .hasMessageContaining("GRANT SHOW TABLES");
        }
    }

    /** Asks other questions. */
    private record Asked(InsertPort real, UnaryOperator<String> asked) implements InsertPort {

        @Override
        public void insert(String sql, Map<String, String> settings, String queryId, RowRange rows)
                throws ServerErrorException, InterruptedException {
            real.insert(sql, settings, queryId, rows);
        }

        @Override
        public void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block)
                throws ServerErrorException, InterruptedException {
            real.insert(sql, settings, queryId, block);
        }

        @Override
        public String query(String sql) throws ServerErrorException, InterruptedException {
            return real.query(asked.apply(sql));
        }
    }

    private static EventBatch labelled(long offset) {
        return Fixture.batch(
                offset,
                offset + 1,
                List.of(Fixture.event(offset, "clicked", "{\"n\":" + offset + ",\"label\":\"yes\"}")));
    }
}
