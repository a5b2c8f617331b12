package dev.cdp.clickhouse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.MigrationStep.Risk;
import dev.cdp.clickhouse.ServerTable.ServerColumn;
import dev.cdp.clickhouse.TableLayout.Replication;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A plan shows every difference with its risk, what is safe is applied, and then there is none left. */
@CdpTest
final class MigrationPlanTest {

    private static final Path SOCIAL = Path.of("..", "examples", "social", "src", "main", "resources", "cdp");
    private static final TableLayout REPLICAS = new TableLayout(5_000, "north", Replication.ENGINE);

    private final Fixture fixture;

    MigrationPlanTest(EmbeddedClickHouse server) {
        this.fixture = new Fixture(server);
    }

    /** Today's from nothing is SocialMetricsTest's, through the command. */
    @Test
    @Tag("campaign")
    void theExampleOfBeforeIsCreatedFromNothingAndEvolvesIntoTodays() throws Exception {
        fixture.query("DROP DATABASE IF EXISTS cdp");
        Migration before = migration(Catalog.load(SOCIAL.resolve("cdp.1.yaml")));

        List<MigrationStep> plan = before.plan();
        assertThat(plan).extracting(MigrationStep::risk).containsOnly(Risk.SAFE);
        assertThat(plan.get(0).name()).isEqualTo("create-database:cdp");
        assertThat(before.apply(Set.of())).isEmpty();
        assertThat(before.plan()).isEmpty();

        Migration today = migration(Catalog.load(SOCIAL.resolve("cdp.yaml")));
        assertThat(today.plan()).isNotEmpty();
        assertThat(today.apply(Set.of())).isEmpty();
        assertThat(today.plan()).isEmpty();
        fixture.query("DROP DATABASE cdp");
    }

    @Test
    void whatIsSafeIsAppliedToATableWithRows() throws Exception {
        Catalog before = fixture.catalog("""
                seen:
                  description: Before.
                  table: { ttl: 4000d, order-by: [event_id] }
                  schema:
                    type: object
                    required: [n, m]
                    properties:
                      n: { type: integer, minimum: 0, maximum: 9, description: One. }
                      m: { type: number, multipleOf: 0.1, minimum: 0, maximum: 9 }
                      list: { type: array, items: { type: object, properties: { a: { type: integer, minimum: 0, maximum: 9 } } } }
                      by: { type: object, additionalProperties: { type: integer, minimum: 0, maximum: 9 } }
                """);
        Catalog after = fixture.catalog("""
                seen:
                  description: After.
                  table: { ttl: 20000d, order-by: [event_id], codec: ZSTD }
                  schema:
                    type: object
                    properties:
                      n: { type: integer, minimum: -1, maximum: 9, description: "One, or none." }
                      m: { type: number, multipleOf: 0.001, minimum: 0, maximum: 999999999 }
                      list: { type: array, items: { type: object, properties: { a: { type: integer }, b: { type: string } } } }
                      by: { type: object, additionalProperties: { type: integer } }
                      label: { type: string }
                """.replace("minimum: -1, maximum: 9", "minimum: -1, maximum: 999"));
        write(before, "{\"n\":9,\"m\":1.5,\"list\":[{\"a\":7}],\"by\":{\"x\":3}}", 0);
        Migration migration = migration(after);

        assertThat(migration.plan())
                .allSatisfy(step -> assertThat(step.risk()).as(step.name()).isEqualTo(Risk.SAFE))
                .extracting(step -> step.name().replace(fixture.database + ".", ""))
                .contains(
                        "modify-column:seen.n",
                        "comment-column:seen.n",
                        "modify-column:seen.m",
                        "modify-column:seen.list",
                        "modify-column:seen.by",
                        "add-column:seen.label",
                        "codec:seen.n",
                        "ttl:seen",
                        "comment:seen");
        assertThat(migration.apply(Set.of())).isEmpty();
        assertThat(migration.plan()).isEmpty();
        write(after, "{\"n\":-1,\"list\":[{\"b\":\"x\"}],\"label\":\"l\"}", 1);
        assertThat(fixture.query("SELECT n, m, list, by, label FROM {db}.seen ORDER BY _offset FORMAT TSVRaw"))
                .isEqualTo("9\t1.5\t[(7,NULL)]\t{'x':3}\t\\N\n-1\t\\N\t[(NULL,'x')]\t{}\tl");
    }

    @Test
    void whatIsNotSafeIsRefusedWithTheReasonUnlessItIsNamed() throws Exception {
        write(fixture.clicks(), "{\"n\":5}", 0);
        Migration migration = migration(fixture.catalog("""
                clicked:
                  description: Somebody's click.
                  table: { ttl: 1d, order-by: [n], engine: ReplacingMergeTree }
                  schema:
                    type: object
                    required: [n, must]
                    properties:
                      n: { type: integer, minimum: 0, maximum: 9 , description: "Which one, it's counted." }
                      label: { type: string }
                      must: { type: string }
                """));
        String must = "add-column:" + fixture.table("clicked.must");

        List<MigrationStep> refused = migration.apply(Set.of("order-by:" + fixture.table("clicked")));

        assertThat(refused)
                .extracting(step -> step.name().replace(fixture.database + ".", "") + " " + step.risk())
                .containsExactlyInAnyOrder(
                        "modify-column:clicked.n NAMED",
                        "add-column:clicked.must NAMED",
                        "ttl:clicked NAMED",
                        "order-by:clicked IMPOSSIBLE",
                        "engine:clicked IMPOSSIBLE");
        assertThat(refused)
                .filteredOn(step -> step.name().startsWith("ttl"))
                .singleElement()
                .satisfies(step -> assertThat(step.why()).contains("1 stored rows are older"));
        assertThat(fixture.query("SELECT count() FROM {db}.clicked")).isEqualTo("1");
        assertThat(migration.apply(Set.of(must)))
                .extracting(MigrationStep::name)
                .hasSize(4)
                .doesNotContain(must);
    }

    @Test
    void aKeyColumnIsNeverRetyped() throws Exception {
        String event = "e: { table: { order-by: [n] }, schema: { type: object, required: [n], properties: { n: { type:"
                + " integer, minimum: 0, maximum: %s } } } }";
        migration(fixture.catalog(event.formatted("9"))).apply(Set.of());

        assertThat(migration(fixture.catalog(event.formatted("999"))).apply(Set.of()))
                .singleElement()
                .satisfies(step -> assertThat(step.risk()).isEqualTo(Risk.IMPOSSIBLE))
                .satisfies(step -> assertThat(step.why()).contains("part of the table's key"));
    }

    @Test
    void twoMayApplyDifferentCatalogsToOneTableAtOnce() throws Exception {
        write(fixture.clicks(), "{\"n\":5}", 0);
        List<Catalog> catalogs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String fields = java.util.stream.IntStream.range(0, 10)
                    .mapToObj(n -> "f" + n + ": { type: integer, description: same }")
                    .collect(Collectors.joining(", "));
            catalogs.add(fixture.catalog(
                    "clicked: { schema: { type: object, properties: { n: { type: integer }, " + fields + " } } }"));
        }
        CyclicBarrier start = new CyclicBarrier(2);
        var threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<List<MigrationStep>>> all = catalogs.stream()
                    .map(catalog -> threads.submit(() -> {
                        start.await();
                        return migration(catalog).apply(Set.of());
                    }))
                    .toList();
            for (Future<List<MigrationStep>> one : all) {
                assertThat(one.get()).isEmpty();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(migration(catalogs.get(0)).plan()).isEmpty();
    }

    /** REMOVE TTL is refused where there is none; another one is faster between the plan and the step. */
    @Test
    void whoIsSlowerFindsThatNothingIsLeftAndDoesNotFail() throws Exception {
        String event = "clicked: { %s schema: { type: object, properties: { n: { type: integer } } } }";
        migration(fixture.catalog(event.formatted("table: { ttl: 30d },"))).apply(Set.of());
        Catalog without = fixture.catalog(event.formatted(""));
        Migration faster = migration(without);
        InsertPort real = port();
        AtomicInteger removals = new AtomicInteger();
        InsertPort late = new InsertPort() {
            @Override
            public void insert(String sql, Map<String, String> settings, String queryId, InsertPort.RowRange rows) {
                throw new AssertionError("a migration inserts nothing");
            }

            @Override
            public void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block) {
                throw new AssertionError("a migration inserts nothing");
            }

            @Override
            public String query(String sql) throws ServerErrorException, InterruptedException {
                if (sql.contains("REMOVE TTL") && removals.incrementAndGet() == 1) {
                    assertThat(faster.apply(Set.of())).isEmpty();
                }
                return real.query(sql);
            }
        };

        assertThat(new Migration(without, new ServerQueries(late), TableLayout.SINGLE).apply(Set.of()))
                .isEmpty();

        assertThat(removals).hasValue(1);
        assertThat(faster.plan()).isEmpty();
    }

    private InsertPort port() {
        return new HttpTransport(
                fixture.server.url(),
                new Credentials(fixture.server.user(), fixture.server::password),
                Duration.ofSeconds(60));
    }

    @Test
    void replicasAndClustersAreWrittenAsTheGoldenFileSays() throws IOException {
        Catalog catalog = golden("""
                seen:
                  description: Seen, it's counted.
                  table: { ttl: 10d, order-by: [n], codec: ZSTD(3), engine: ReplacingMergeTree }
                  schema:
                    type: object
                    required: [n]
                    properties:
                      n: { type: integer, minimum: 0, maximum: 255, description: One. }
                      wide: { type: integer }
                      "odd `name": { type: string }
                """);
        EventDefinition event = catalog.events().iterator().next();
        TableDefinition table = event.table().orElseThrow();
        TableDdl ddl = new TableDdl(REPLICAS);
        List<ServerColumn> columns = new ArrayList<>();
        for (var column : RowEncoder.columns(table)) {
            if (!column.name().startsWith("odd")) {
                String type = column.name().equals("wide")
                        ? "Nullable(Int8)"
                        : column.type().sql();
                columns.add(new ServerColumn(
                        column.name(),
                        type,
                        "",
                        "",
                        column.description(),
                        "CODEC(ZSTD(3))",
                        column.name().equals("n")));
            }
        }
        ServerTable server = new ServerTable(
                new UUID(1, 1),
                "ReplicatedReplacingMergeTree",
                "toYYYYMM(event_time)",
                "n",
                "",
                1,
                1,
                1,
                "",
                columns,
                List.of());

        StringBuilder sql = new StringBuilder();
        sql.append(ddl.createDatabase(table.database())).append(";\n\n");
        sql.append(ddl.createTable(event, table)).append(";\n\n");
        new TableDifference(ddl, event, table, server)
                .steps(0)
                .forEach(step -> sql.append(step.sql()).append(";\n\n"));

        assertThat(sql.toString()).isEqualTo(resource("replicas.sql"));
    }

    private Catalog golden(String events) {
        return new Fixture("golden", fixture.server).catalog(events);
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(MigrationPlanTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void write(Catalog catalog, String json, long offset) throws InterruptedException {
        String event = catalog.events().iterator().next().name();
        try (ClickHouseSink sink = fixture.sink(catalog)) {
            sink.migrate();
            assertThat(sink.write(Fixture.batch(offset, offset + 1, List.of(Fixture.event(offset, event, json))))
                            .rejected())
                    .isEmpty();
        }
    }

    private Migration migration(Catalog catalog) {
        return Migration.of(
                catalog,
                ClickHouseServer.of(fixture.server.url(), fixture.server.user(), fixture.server::password),
                TableLayout.SINGLE);
    }
}
