package dev.cdp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.cli.events.GeneratedEvents;
import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.ClickHouseServer;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.clickhouse.metrics.Grain;
import dev.cdp.clickhouse.metrics.MetricCompiler;
import dev.cdp.clickhouse.metrics.MetricQuery;
import dev.cdp.clickhouse.metrics.MetricSql;
import dev.cdp.clickhouse.metrics.Rollups;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Dimension;
import dev.cdp.core.catalog.Metric;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.EventBatch;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole catalog of the social network on the real engine: its tables, its rollups, and every metric of it. */
@CdpTest
class SocialMetricsTest {

    private static final String CATALOG = Path.of(
                    "..", "examples", "social", "src", "main", "resources", "cdp", "cdp.yaml")
            .toString();

    /** One of so many metrics is asked in each build; no multiple of two, so that each grain and zone comes up. */
    private static final int SAMPLE = 11;

    @TempDir
    private Path temp;

    private final EmbeddedClickHouse server;
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

    SocialMetricsTest(EmbeddedClickHouse server) {
        this.server = server;
    }

    @Test
    void oneCommandBuildsItAllAndMetricsAnswerFromFactsAndRollupsAlike() throws Exception {
        compare(SAMPLE);
    }

    @Test
    @Tag("campaign")
    void everyMetricAnswersFromFactsAndRollupsAlike() throws Exception {
        compare(1);
    }

    /** Builds it all, and asks each such metric twice. */
    private void compare(int every) throws Exception {
        Catalog catalog = Catalog.load(Path.of(CATALOG));
        server.query("DROP DATABASE IF EXISTS cdp SYNC");

        assertThat(run("metrics", "apply")).contains("rollups built");
        assertThat(run("metrics", "apply")).isEqualTo("nothing to do: every rollup is there\n");
        assertThat(run("ddl", "plan", CATALOG)).isEqualTo("-- nothing differs\n");
        load(catalog);

        MetricCompiler compiler = MetricCompiler.of(catalog);
        ClickHouseClient client = ClickHouseClient.of(
                ClickHouseServer.of(server.url(), server.user(), server::password), Duration.ofMinutes(2));
        assertThat(Rollups.of(client, catalog).ready())
                .hasSameSizeAs(compiler.plan().rollups());
        assertThat(Rollups.of(client, catalog)
                        .differences(
                                now.minus(Duration.ofDays(399)),
                                now,
                                Instant.now().plusSeconds(60)))
                .isEmpty();
        assertThat(catalog.metrics()).hasSizeGreaterThanOrEqualTo(200);
        List<String> silent = new ArrayList<>();
        Grain[] grains = Grain.values();
        int number = 0;
        int asked = 0;
        for (Metric metric : catalog.metrics()) {
            if (number++ % every != 0) {
                continue;
            }
            asked++;
            MetricQuery query = MetricQuery.of(metric.name())
                    .by(metric.by().stream().map(Dimension::name).limit(2).toArray(String[]::new))
                    .grain(grains[number % grains.length])
                    .zone(ZoneId.of(number % 2 == 0 ? "Asia/Kolkata" : "Europe/Berlin"))
                    .from(now.minus(Duration.ofDays(4)))
                    .to(now)
                    .build();
            MetricSql facts = compiler.fromFacts(query);
            List<List<@Nullable Object>> rows = client.select("ask " + metric.name(), facts.sql());
            MetricSql rollups = compiler.compile(query, compiler.plan().rollups());
            assertThat(numbers(client.select("ask " + metric.name(), rollups.sql())))
                    .as(metric.name())
                    .isEqualTo(numbers(rows));
            if (rows.isEmpty()) {
                silent.add(metric.name());
            }
        }
        assertThat(silent).as("metrics without a row").hasSizeLessThanOrEqualTo(asked / 10);

        String answer =
                run("metrics", "query", "post_views", "--by", "platform", "--grain", "hour", "--tz", "Europe/Berlin");
        assertThat(answer).startsWith("time").contains("platform").containsPattern("T\\d\\d:00\\+0[12]:00 +\\w+ +\\d+");
    }

    /** Sums of fractions differ in their last digits by the order in which they are added. */
    private static List<String> numbers(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .map(row -> row.stream()
                        .map(value -> value instanceof Double d ? String.format("%.6e", d) : String.valueOf(value))
                        .toList()
                        .toString())
                .toList();
    }

    private void load(Catalog catalog) throws InterruptedException {
        List<SinkEvent> events = GeneratedEvents.of(catalog, 12, now);
        try (ClickHouseSink sink = ClickHouseSink.builder(catalog)
                .url(server.url())
                .credentials(server.user(), server::password)
                .build()) {
            BatchId id =
                    new BatchId("t", UUID.fromString("8f4e6d60-1c2b-4a3d-9e8f-001122334455"), 0, 0, events.size(), 0);
            assertThat(sink.write(new EventBatch(id, events)).rejected()).isEmpty();
        }
    }

    private String run(String... args) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> command = new ArrayList<>(List.of(args));
        if (args[0].equals("metrics")) {
            command.addAll(List.of("--catalog", CATALOG));
        }
        command.addAll(List.of(
                "--clickhouse-url",
                server.url().toString(),
                "--clickhouse-user",
                server.user(),
                "--clickhouse-password-file",
                Files.writeString(temp.resolve("password"), server.password()).toString()));
        int exit = Main.run(new PrintWriter(out), new PrintWriter(err), command.toArray(String[]::new));
        assertThat(exit).as(err.toString()).isEqualTo(ExitCode.OK);
        return out.toString();
    }
}
