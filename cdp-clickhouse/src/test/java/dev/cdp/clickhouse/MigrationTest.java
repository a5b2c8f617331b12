package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

import dev.cdp.clickhouse.InsertPort.RowRange;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tables follow the catalog, and what is stored is never rewritten. */
@CdpTest
final class MigrationTest {

    private final Fixture fixture;
    /** The settings of inserts that {@link #answering} has taken. */
    private final List<Map<String, String>> inserted = new ArrayList<>();

    MigrationTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    @Test
    void aTableIsCreatedAsTheCatalogDescribesIt() {
        Catalog catalog = fixture.catalog("""
                post_viewed:
                  description: A person's `post`.
                  table: { order-by: [post_id, event_time], ttl: 400d }
                  schema:
                    type: object
                    required: [post_id, kind]
                    properties:
                      post_id: { type: string, description: "The post's id \\\\ it's quoted." }
                      kind: { enum: [a, b] }
                      "odd `name": { type: integer, minimum: 0, maximum: 255 }
                      geo: { type: object, properties: { country: { type: string } } }
                """);
        migrate(catalog);

        String created = fixture.query("SHOW CREATE TABLE {db}.post_viewed FORMAT TSVRaw");
        assertThat(created)
                .contains("`post_id` String COMMENT 'The post\\'s id \\\\ it\\'s quoted.'")
                .contains("`kind` LowCardinality(String)")
                .contains("`odd \\`name` Nullable(UInt8)")
                .contains("`geo_country` Nullable(String)")
                .contains("`_topic` LowCardinality(String)")
                .contains("ENGINE = MergeTree")
                .contains("PARTITION BY toYYYYMM(event_time)")
                .contains("ORDER BY (post_id, event_time)")
                .contains("TTL toDateTime(event_time) + toIntervalSecond(34560000)")
                .contains("non_replicated_deduplication_window = 10000")
                .contains("COMMENT 'A person\\'s `post`.'")
                .doesNotContain("now(");
        assertThat(fixture.query("SELECT engine FROM system.databases WHERE name = '{db}'"))
                .isEqualTo("Atomic");
    }

    @Test
    void migratingTwiceChangesNothing() {
        migrate(fixture.clicks());
        String before = fixture.query(
                "SELECT uuid, metadata_version, create_table_query FROM system.tables" + " WHERE database = '{db}'");
        migrate(fixture.clicks());

        assertThat(fixture.query("SELECT uuid, metadata_version, create_table_query FROM system.tables"
                        + " WHERE database = '{db}'"))
                .isEqualTo(before);
    }

    @Test
    void manyMayMigrateAtOnce() throws Exception {
        Catalog catalog = fixture.clicks();
        var threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = java.util.stream.IntStream.range(0, 4)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> migrate(catalog)))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(fixture.query("SELECT count() FROM system.tables WHERE database = '{db}'"))
                .isEqualTo("1");
    }

    @Test
    void anOptionalFieldThatIsNewBecomesAColumnAndOldRowsHaveNull() throws Exception {
        try (ClickHouseSink old = fixture.sink(fixture.clicks())) {
            old.migrate();
            old.write(Fixture.clicks(0, 3));
        }
        Catalog wider = fixture.catalog("""
                clicked:
                  schema:
                    type: object
                    required: [n]
                    properties:
                      n: { type: integer }
                      label: { type: string }
                      place: { type: string, description: Where. }
                      tags: { type: array, items: { type: string } }
                """);
        try (ClickHouseSink sink = fixture.sink(wider)) {
            assertThatThrownBy(() -> sink.write(Fixture.clicks(3, 4)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("no column place")
                    .hasMessageContaining("migrate()");
            sink.migrate();
            sink.write(Fixture.batch(
                    3, 4, List.of(Fixture.event(3, "clicked", "{\"n\":3,\"place\":\"here\",\"tags\":[\"x\"]}"))));
        }
        assertThat(fixture.query("SELECT n, place, tags FROM {db}.clicked ORDER BY n"))
                .isEqualTo("0\t\\N\t[]\n1\t\\N\t[]\n2\t\\N\t[]\n3\there\t['x']");
    }

    @Test
    void aRequiredFieldThatIsNewIsRefusedWhereRowsWouldShowADefault() throws Exception {
        try (ClickHouseSink old = fixture.sink(fixture.clicks())) {
            old.migrate();
            old.write(Fixture.clicks(0, 1));
        }
        Catalog stricter = fixture.catalog("""
                clicked:
                  schema:
                    type: object
                    required: [n, place]
                    properties: { n: { type: integer }, label: { type: string }, place: { type: string } }
                """);
        assertThatThrownBy(() -> migrate(stricter))
                .isInstanceOf(ClickHouseSetupException.class)
                .hasMessageContaining(fixture.table("clicked"))
                .hasMessageContaining("column place")
                .hasMessageContaining("versions:");
        fixture.query("TRUNCATE TABLE {db}.clicked");
        migrate(stricter);
    }

    @Test
    void aColumnOfAnotherTypeIsRefusedWithTheSqlThatWouldChangeIt() throws Exception {
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            sink.migrate();
            sink.write(Fixture.clicks(0, 1));
        }
        Catalog narrower = fixture.catalog("""
                clicked:
                  schema:
                    type: object
                    required: [n]
                    properties: { n: { type: integer, minimum: 0, maximum: 9 }, label: { type: string } }
                """);
        assertThatThrownBy(() -> migrate(narrower))
                .isInstanceOf(ClickHouseSetupException.class)
                .hasMessageContaining("Int64 on the server and UInt8 in the catalog")
                .hasMessageContaining("MODIFY COLUMN `n` UInt8");
    }

    @Test
    void aTableThatForgetsItsBlocksIsNotWrittenTo() {
        migrate(fixture.clicks());
        fixture.query("ALTER TABLE {db}.clicked MODIFY SETTING non_replicated_deduplication_window = 0");

        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 1)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("MODIFY SETTING non_replicated_deduplication_window");
        }
    }

    @Test
    void aTableWhoseServerForgetsByDefaultIsNotWrittenTo() {
        migrate(fixture.clicks());
        fixture.query("ALTER TABLE {db}.clicked RESET SETTING non_replicated_deduplication_window");

        assertThatThrownBy(() -> migrate(fixture.clicks())).hasMessageContaining("stored twice");
    }

    @Test
    void aTableThatRemembersLessThanTwoBatchesMayBecomeIsNotWrittenTo() throws Exception {
        Catalog daily = fixture.catalog("""
                clicked:
                  table: { ttl: 400d, partition-by: toYYYYMMDD(event_time) }
                  schema: { type: object, required: [n], properties: { n: { type: integer } } }
                """);
        migrate(daily);
        fixture.query("ALTER TABLE {db}.clicked MODIFY SETTING non_replicated_deduplication_window = 803");

        try (ClickHouseSink sink = fixture.sink(daily)) {
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 1)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("remembers 803 parts, and one batch may become 402")
                    .hasMessageContaining("MODIFY SETTING non_replicated_deduplication_window = 804");
            fixture.query("ALTER TABLE {db}.clicked MODIFY SETTING non_replicated_deduplication_window = 804");
            assertThat(sink.write(Fixture.clicks(0, 1)).rejected()).isEmpty();
        }
    }

    /** The engine here knows no replicas: what a server of replicas answers is put in its place. */
    @Test
    void aTableOfReplicasThatForgetsWithinADayIsNotWrittenTo() {
        migrate(fixture.clicks());
        String engine = "'MergeTree ORDER BY n SETTINGS replicated_deduplication_window = 10000%s'";
        for (String seconds : List.of(", replicated_deduplication_window_seconds = 3599", "")) {
            InsertPort replicas = answering(sql ->
                    sql.replace("engine, engine_full,", "'ReplicatedMergeTree', " + engine.formatted(seconds) + ","));
            try (ClickHouseSink sink = sink(replicas)) {
                assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 1)))
                        .isInstanceOf(ClickHouseUnavailableException.class)
                        .hasMessageContaining("forgets a block after " + (seconds.isEmpty() ? "3600" : "3599") + " s")
                        .hasMessageContaining("MODIFY SETTING replicated_deduplication_window_seconds = 604800");
            }
        }
    }

    @Test
    void anInsertIntoATableOfReplicasEndsWhenMostOfThemHaveIt() throws Exception {
        migrate(fixture.clicks());
        InsertPort replicas = answering(sql -> sql.replace(
                "engine, engine_full,",
                "'ReplicatedMergeTree', 'MergeTree SETTINGS replicated_deduplication_window_seconds = 604800',"));
        try (ClickHouseSink sink = sink(replicas)) {
            sink.write(Fixture.clicks(0, 1));
        }
        assertThat(inserted)
                .singleElement()
                .satisfies(settings -> assertThat(settings)
                        .containsEntry("insert_quorum", "auto")
                        .containsEntry("insert_quorum_timeout", "59000")
                        .containsEntry("max_execution_time", "59"));
        try (ClickHouseSink sink = sink(answering(sql -> sql))) {
            sink.write(Fixture.clicks(1, 2));
        }
        assertThat(inserted.get(1)).as("a table of one server").doesNotContainKey("insert_quorum");
    }

    @Test
    void aServerThatHashesTokensInAWayThatIsNotKnownIsNotWrittenTo() {
        InsertPort newer = answering(sql -> sql.replace(
                "SELECT value FROM system.server_settings",
                "SELECT 'newer_hash' AS value FROM system.server_settings"));
        try (ClickHouseSink sink = sink(newer)) {
            assertThatThrownBy(sink::migrate)
                    .isInstanceOf(ClickHouseSetupException.class)
                    .hasMessageContaining("insert_deduplication_version is newer_hash");
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 1))).isInstanceOf(ClickHouseSetupException.class);
        }
        assertThat(inserted).isEmpty();
    }

    private ClickHouseSink sink(InsertPort port) {
        return new ClickHouseSink(ClickHouseSink.builder(fixture.clicks()).url(fixture.server.url()), port);
    }

    /** Asks the server something else than it was given to ask, and inserts nothing: it notes the settings. */
    private InsertPort answering(UnaryOperator<String> asked) {
        InsertPort real = new HttpTransport(
                fixture.server.url(),
                new Credentials(fixture.server.user(), fixture.server::password),
                Duration.ofSeconds(20));
        return new InsertPort() {
            @Override
            public void insert(String sql, Map<String, String> settings, String queryId, RowRange rows) {
                inserted.add(settings);
            }

            @Override
            public void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block) {
                inserted.add(settings);
            }

            @Override
            public String query(String sql) throws ServerErrorException, InterruptedException {
                return real.query(asked.apply(sql));
            }
        };
    }

    @Test
    void aTableThatFeedsOneThatForgetsIsNotWrittenTo() {
        migrate(fixture.clicks());
        fixture.query("CREATE TABLE {db}.good (n Int64) ENGINE = MergeTree ORDER BY n"
                + " SETTINGS non_replicated_deduplication_window = 1000");
        fixture.query("CREATE MATERIALIZED VIEW {db}.first TO {db}.good AS SELECT n FROM {db}.clicked");
        migrate(fixture.clicks());
        fixture.query("CREATE MATERIALIZED VIEW {db}.second ENGINE = SummingMergeTree ORDER BY n AS"
                + " SELECT n FROM {db}.good");

        assertThatThrownBy(() -> migrate(fixture.clicks()))
                .isInstanceOf(ClickHouseSetupException.class)
                .hasMessageContaining("materialized view " + fixture.table("second"))
                .hasMessageContaining("stored twice");
    }

    @Test
    void aTableOfAnEngineWithoutDeduplicationIsNotWrittenTo() {
        fixture.server.createDatabase(fixture.database);
        fixture.query("CREATE TABLE {db}.clicked (n Int64) ENGINE = Log");
        try (ClickHouseSink sink = fixture.sink(fixture.clicks())) {
            assertThatThrownBy(() -> sink.write(Fixture.clicks(0, 1)))
                    .isInstanceOf(ClickHouseUnavailableException.class)
                    .hasMessageContaining("engine Log");
        }
    }

    private void migrate(Catalog catalog) {
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
        }
    }
}
