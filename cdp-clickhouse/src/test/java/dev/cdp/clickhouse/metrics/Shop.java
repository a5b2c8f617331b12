package dev.cdp.clickhouse.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.ClickHouseServer;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.clickhouse.SqlText;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.jspecify.annotations.Nullable;

/** A database of a test's own: a shop's sales and visits, and metrics of every kind over them. */
final class Shop {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    static final String METRICS = """
            dimensions:
              country: { path: /country }
              channel: { path: /channel }
              gift: { path: /gift }
            metrics:
              sales: { fact: sale, measure: count, by: [country, channel, gift] }
              gifts: { fact: sale, measure: count, where: gift, by: [country] }
              turnover: { fact: sale, measure: sum, of: /price, by: [country, channel] }
              foreign_turnover:
                fact: sale
                measure: sum
                of: /price
                where: "not (country in ('DE', 'it''s')) and channel is not null"
                by: [country]
              units: { fact: sale, measure: sum, of: /units, by: [country] }
              weight: { fact: sale, measure: sum, of: /weight, by: [channel] }
              mean_price: { fact: sale, measure: avg, of: /price, by: [country, channel] }
              mean_units: { fact: sale, measure: avg, of: /units, where: "units > 1", by: [gift] }
              cheapest: { fact: sale, measure: min, of: /price, by: [country] }
              last_paid: { fact: sale, measure: max, of: /paid_at, by: [country] }
              buyers: { fact: sale, measure: distinct, of: /buyer, by: [country, channel] }
              about_buyers: { fact: sale, measure: distinct, of: /buyer, approximate: true, by: [country, channel] }
              channels: { fact: sale, measure: distinct, of: /channel, approximate: true, by: [country] }
              median_price: { fact: sale, measure: quantile, quantile: 0.5, of: /price, by: [country] }
              p90_price: { fact: sale, measure: quantile, quantile: 0.9, of: /price, approximate: true, by: [country] }
              visits: { fact: visit, measure: count, by: [country, channel] }
              conversion: { ratio: { numerator: sales, denominator: visits } }
              per_sale: { ratio: { numerator: turnover, denominator: sales }, by: [country, channel] }
              sales_so_far: { cumulative: { metric: sales }, by: [country, gift] }
              turnover_2d: { cumulative: { metric: turnover, window: 2d }, by: [country, channel] }
              units_36h: { cumulative: { metric: units, window: 36h } }
            """;

    private static final String EVENTS = """
            events:
              sale:
                schema:
                  type: object
                  required: [country, gift, price, buyer]
                  properties:
                    country: { type: string, x-clickhouse-type: LowCardinality(String) }
                    channel: { enum: [web, app, shop] }
                    gift: { type: boolean }
                    price: { type: integer, minimum: 0, maximum: 100000 }
                    units: { type: integer }
                    weight: { type: number }
                    buyer: { type: string }
                    paid_at: { type: string, format: date-time }
              visit:
                schema:
                  type: object
                  required: [country]
                  properties:
                    country: { type: string }
                    channel: { enum: [web, app, shop] }
            """;

    final EmbeddedClickHouse server;
    final String database = "m" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    final Catalog catalog;
    final ClickHouseClient client;
    private long offset;

    /** Creates the tables of facts, and no rollups. */
    Shop(EmbeddedClickHouse server) {
        this(server, METRICS);
    }

    Shop(EmbeddedClickHouse server, String metrics) {
        this.server = server;
        this.catalog = catalog(yaml(database, metrics));
        this.client = ClickHouseClient.of(
                ClickHouseServer.of(server.url(), server.user(), server::password), Duration.ofMinutes(2));
        try (ClickHouseSink sink = sink()) {
            sink.migrate();
        }
    }

    static String yaml(String database, String metrics) {
        return "cdp: 1\ncatalog: shop\nsource: //shop\ndefaults:\n  topic: t\n  table: { database: " + database + " }\n"
                + EVENTS + metrics;
    }

    static Catalog catalog(String yaml) {
        try {
            Path folder = Files.createTempDirectory("cdp-metrics");
            Path file = folder.resolve("cdp.yaml");
            Files.writeString(file, yaml);
            Catalog catalog = Catalog.load(file);
            Files.delete(file);
            Files.delete(folder);
            return catalog;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ClickHouseSink sink() {
        return ClickHouseSink.builder(catalog)
                .url(server.url())
                .credentials(server.user(), server::password)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    Rollups rollups() {
        return Rollups.of(client, catalog);
    }

    List<List<@Nullable Object>> ask(MetricSql sql) {
        return client.select("test a metric", sql.sql());
    }

    void store(List<Sale> sales, List<Visit> visits) {
        String position = ", '8f4e6d60-1c2b-4a3d-9e8f-001122334455', 0, ";
        if (!sales.isEmpty()) {
            insert(
                    "sale (event_time, country, channel, gift, price, units, weight, buyer, paid_at, _topic_id,"
                            + " _partition, _offset)",
                    sales.stream()
                            .map(sale -> sale.row() + position + offset++ + ")")
                            .collect(Collectors.joining(",")));
        }
        if (!visits.isEmpty()) {
            insert(
                    "visit (event_time, country, channel, _topic_id, _partition, _offset)",
                    visits.stream()
                            .map(visit -> visit.row() + position + offset++ + ")")
                            .collect(Collectors.joining(",")));
        }
    }

    /** Each under a token of its own: equal rows of two tests are not the same ones. */
    private void insert(String into, String rows) {
        server.query("INSERT INTO " + database + "." + into + " SETTINGS insert_deduplication_token = 't" + offset
                + "', max_partitions_per_insert_block = 0 VALUES " + rows);
    }

    /** Throws every fact away, from rollups too. */
    void empty() {
        for (String table : List.of("sale", "visit")) {
            server.query("TRUNCATE TABLE " + database + "." + table);
        }
        RollupPlan.of(catalog).rollups().forEach(rollup -> server.query("TRUNCATE TABLE " + rollup.table()));
    }

    record Sale(
            Instant time,
            String country,
            @Nullable String channel,
            boolean gift,
            int price,
            @Nullable Long units,
            @Nullable Double weight,
            String buyer,
            @Nullable Instant paidAt) {

        String row() {
            return "(" + sqlTime(time) + ", " + text(country) + ", " + text(channel) + ", " + gift + ", " + price + ", "
                    + units + ", " + weight + ", " + text(buyer) + ", " + (paidAt == null ? "NULL" : sqlTime(paidAt));
        }

        BigInteger exactUnits() {
            return BigInteger.valueOf(units == null ? 0 : units);
        }
    }

    record Visit(Instant time, String country, @Nullable String channel) {

        String row() {
            return "(" + sqlTime(time) + ", " + text(country) + ", " + text(channel);
        }
    }

    private static String sqlTime(Instant instant) {
        return "fromUnixTimestamp64Milli(" + instant.toEpochMilli() + ")";
    }

    private static String text(@Nullable String text) {
        return text == null ? "NULL" : SqlText.text(text);
    }
}
