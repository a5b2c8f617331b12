package dev.cdp.clickhouse.metrics;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.clickhouse.ClickHouseUnavailableException;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@CdpTest
class RollupsTest {

    private static final UUID TOPIC = UUID.fromString("8f4e6d60-1c2b-4a3d-9e8f-001122334455");
    private static final String TWO_ROLLUPS = """
            dimensions:
              country: { path: /country }
              gift: { path: /gift }
            metrics:
              sales: { fact: sale, measure: count, by: [country] }
              turnover: { fact: sale, measure: sum, of: /price, by: [country] }
              gifts: { fact: sale, measure: count, where: gift, by: [gift] }
            """;

    private final EmbeddedClickHouse server;

    RollupsTest(EmbeddedClickHouse server) {
        this.server = server;
    }

    @Test
    void metricsShareARollupWhereTheirDimensionsAllow() {
        RollupPlan plan = RollupPlan.of(new Shop(server, TWO_ROLLUPS).catalog);

        assertThat(plan.rollups())
                .extracting(Rollup::metrics)
                .containsExactlyInAnyOrder(List.of("sales", "turnover"), List.of("gifts"));
        assertThat(plan.refusals()).isEmpty();
    }

    @Test
    void whatCannotBeRolledUpIsRefusedWithTheReason() {
        RollupPlan plan = RollupPlan.of(new Shop(server).catalog);

        assertThat(plan.refusals()).containsOnlyKeys("buyers", "median_price");
        assertThat(plan.refusal("buyers"))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("holds every value").contains("approximate: true"));
        assertThat(plan.rollup("buyers")).isEmpty();
    }

    @Test
    void factsFromBeforeAreFilledInAndThoseWrittenAgainCountOnce() throws Exception {
        Shop shop = new Shop(server, TWO_ROLLUPS);
        EventBatch early = batch(30, 50);
        EventBatch late = batch(50, 80);
        try (ClickHouseSink sink = shop.sink()) {
            sink.write(batch(0, 30));
            sink.write(early);
            assertThat(shop.rollups().apply()).hasSize(2);
            sink.write(early); // its answer was lost before there were views
            sink.write(late);
            sink.write(late);
        }

        exact(shop, 80);
        assertThat(shop.rollups().apply()).as("a second run").isEmpty();
        assertThat(shop.rollups().ready()).hasSize(2);
        exact(shop, 80);
    }

    @Test
    void aBatchThatWasCutBetweenTwoMonthsCountsOnceWhenItComesAgain() throws Exception {
        Shop shop = new Shop(server, TWO_ROLLUPS);
        EventBatch batch = batch(0, 40); // every other event is of the next month
        try (ClickHouseSink sink = shop.sink()) {
            // As after a kill between two parts: April's block is there with its token, March's is not.
            sink.write(new EventBatch(batch.id(), april(batch)));
            shop.rollups().apply();
            sink.write(batch);
        }

        exact(shop, 40);
    }

    @Test
    void factsThatArriveWhileRollupsAreBuiltCountOnce() throws Exception {
        Shop shop = new Shop(server, TWO_ROLLUPS);
        AtomicBoolean built = new AtomicBoolean();
        CompletableFuture<Long> loader = CompletableFuture.supplyAsync(() -> load(shop, built));
        while (count(shop) < 60 && !loader.isDone()) {
            Thread.onSpinWait();
        }

        shop.rollups().apply();
        built.set(true);

        exact(shop, loader.join());
    }

    @Test
    void aBuildThatWasKilledGoesOnWhereItWas() throws Exception {
        Shop shop = new Shop(server, TWO_ROLLUPS);
        try (ClickHouseSink sink = shop.sink()) {
            sink.write(batch(0, 50));
            shop.rollups().apply();
            Rollup rollup = shop.rollups().ready().iterator().next();
            String name = shop.database + "." + rollup.name();
            // As if it had died before what was gathered had its name, leaving its lock and its fence.
            server.query("TRUNCATE TABLE " + name);
            server.query("RENAME TABLE " + name + "_past TO " + name + "_staging");
            server.query("CREATE TABLE " + shop.database + ".cdp_rollups_lock (n UInt8) ENGINE = Null");
            assertThat(shop.rollups().ready()).doesNotContain(rollup);
            assertThatThrownBy(() -> shop.rollups().apply())
                    .isInstanceOf(RollupException.class)
                    .hasMessageContaining("DROP TABLE");
            server.query("DROP TABLE " + shop.database + ".cdp_rollups_lock");

            assertThat(shop.rollups().apply()).hasSize(1);
            sink.write(batch(50, 60));
        }
        exact(shop, 60);
    }

    @Test
    void aRollupThatLostABlockIsFoundAndMadeAnew() throws Exception {
        Shop shop = new Shop(server, TWO_ROLLUPS);
        Instant since = Instant.parse("2026-03-04T05:07:08Z"); // within the quarter of an hour of March's sales
        Instant to = Instant.parse("2026-05-01T00:00:00Z");
        Instant later = Instant.now().plusSeconds(60);
        try (ClickHouseSink sink = shop.sink()) {
            sink.write(batch(0, 30));
            shop.rollups().apply();
            sink.write(batch(30, 50));
        }
        assertThat(shop.rollups().differences(since, to, later)).isEmpty();

        Rollup lossy = shop.rollups().ready().iterator().next();
        server.query("ALTER TABLE " + shop.database + "." + lossy.name() + " DROP PART '" + newestOfMarch(lossy) + "'");

        assertThat(shop.rollups().differences(since, to, later))
                .containsExactly(new RollupDifference(lossy, Instant.parse("2026-03-04T05:00:00Z"), 25, 15));
        assertThat(shop.rollups().differences(since, to, later.minusSeconds(3_600)))
                .as("into which something was loaded in the last hour")
                .isEmpty();
        assertThat(shop.rollups().differences(since.plusSeconds(900), to, later))
                .as("of another quarter of an hour")
                .isEmpty();
        lossy.drop().forEach(server::query);
        assertThat(shop.rollups().apply()).hasSize(1);
        assertThat(shop.rollups().differences(since, to, later)).isEmpty();
        exact(shop, 50);
    }

    private String newestOfMarch(Rollup rollup) {
        return server.query("SELECT argMax(name, max_block_number) FROM system.parts WHERE active AND database = '"
                        + rollup.database() + "' AND table = '" + rollup.name() + "' AND partition_id = '202603'")
                .strip();
    }

    @Test
    void anotherMetricMakesAnotherRollupAndTheOldOneIsNamed() {
        Shop shop = new Shop(server, TWO_ROLLUPS);
        shop.rollups().apply();
        String more = TWO_ROLLUPS + "  cheapest: { fact: sale, measure: min, of: /price, by: [country] }\n";
        Rollups now = Rollups.of(shop.client, Shop.catalog(Shop.yaml(shop.database, more)));

        assertThat(now.ready()).hasSize(1);
        assertThat(now.apply()).singleElement().asString().contains("sales, turnover, cheapest");
        assertThat(now.obsolete()).hasSize(2).allMatch(sql -> sql.startsWith("DROP TABLE"));
        now.obsolete().forEach(server::query);
        assertThat(now.obsolete()).isEmpty();
        assertThat(now.ready()).hasSize(2);
    }

    @Test
    void aTableThatIsNotThereIsSaid() {
        Shop shop = new Shop(server, TWO_ROLLUPS);
        server.query("DROP TABLE " + shop.database + ".sale SYNC");

        assertThatThrownBy(() -> shop.rollups().apply())
                .isInstanceOf(RollupException.class)
                .hasMessageContaining("does not exist");
    }

    /** Writes batches until rollups were built and five more; an outage is waited out, as a consumer does. */
    private static long load(Shop shop, AtomicBoolean built) {
        long next = 0;
        try (ClickHouseSink sink = shop.sink()) {
            for (int after = 0; after < 5; after += built.get() ? 1 : 0) {
                EventBatch batch = batch(next, next + 20);
                boolean stored = false;
                while (!stored) {
                    try {
                        sink.write(batch);
                        stored = true;
                    } catch (ClickHouseUnavailableException e) {
                        Thread.onSpinWait();
                    }
                }
                next += 20;
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long count(Shop shop) {
        String count = "SELECT count() FROM " + shop.database + ".sale";
        return Long.parseLong(
                String.valueOf(shop.client.select("count", count).get(0).get(0)));
    }

    /** Facts and rollups have that many sales. */
    private static void exact(Shop shop, Object sales) {
        MetricCompiler compiler = MetricCompiler.of(shop.catalog);
        for (String metric : List.of("sales", "turnover", "gifts")) {
            MetricQuery query = MetricQuery.of(metric).build();
            MetricSql rollup = compiler.compile(query, shop.rollups().ready());
            assertThat(rollup.reads()).singleElement().asString().contains("_rollup_");
            assertThat(shop.ask(rollup)).as(metric).isEqualTo(shop.ask(compiler.fromFacts(query)));
        }
        MetricSql all =
                compiler.compile(MetricQuery.of("sales").build(), shop.rollups().ready());
        assertThat(String.valueOf(shop.ask(all).get(0).get(0))).isEqualTo(String.valueOf(sales));
    }

    private static List<SinkEvent> april(EventBatch batch) {
        return batch.events().stream().filter(event -> event.offset() % 2 == 1).toList();
    }

    /** Sales of March, every other one a month later. */
    private static EventBatch batch(long first, long end) {
        List<SinkEvent> events = LongStream.range(first, end)
                .mapToObj(n -> new SinkEvent(
                        n,
                        new EventAttributes(
                                "id-" + n,
                                "sale",
                                URI.create("//shop"),
                                Instant.parse("2026-03-04T05:06:07Z").plusSeconds(n % 2 == 0 ? n : 2_678_400 + n),
                                null,
                                null),
                        1,
                        ("{\"country\":\"C" + n % 3 + "\",\"gift\":" + (n % 5 == 0) + ",\"price\":" + n
                                        + ",\"buyer\":\"b\"}")
                                .getBytes(StandardCharsets.UTF_8)))
                .toList();
        return new EventBatch(new BatchId("t", TOPIC, 0, first, end, 0), events);
    }
}
