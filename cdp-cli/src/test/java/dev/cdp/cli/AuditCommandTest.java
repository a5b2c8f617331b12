package dev.cdp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.cli.command.ExitCode;
import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.ClickHouseServer;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.clickhouse.metrics.Rollup;
import dev.cdp.clickhouse.metrics.Rollups;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.DeadLetterTopics;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What somebody deletes or doubles by hand is named by its offset. */
@CdpTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class AuditCommandTest {

    @TempDir
    private Path temp;

    private StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void rowsThatAreDeletedOrDoubledByHandAreNamed(EmbeddedKafka broker, EmbeddedClickHouse engine) throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        broker.createTopic("audit.in", 1);
        Path file = Files.writeString(temp.resolve("cdp.yaml"), """
                cdp: 1
                catalog: audit
                source: //audit
                defaults: { table: { database: audit } }
                events:
                  counted:
                    topic: audit.in
                    schema: { type: object, required: [n], properties: { n: { type: integer } } }
                metrics:
                  count: { fact: counted, measure: count }
                """);
        Instant first = Instant.now().minus(Duration.ofHours(1)); // of the first record; a second later the next
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < 50; n++) {
                String value = n % 10 == 3 ? "{\"n\":\"poison\"}" : "{\"n\":" + n + "}";
                long time = first.plusSeconds(n).toEpochMilli();
                producer.send(new ProducerRecord<>("audit.in", 0, time, null, value.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
            producer.send(new ProducerRecord<>("audit.in", "key".getBytes(StandardCharsets.UTF_8), null))
                    .get();
        }
        Catalog catalog = Catalog.load(file);
        try (ClickHouseSink sink = ClickHouseSink.builder(catalog)
                        .url(engine.url())
                        .credentials(engine.user(), engine::password)
                        .build();
                ResilientConsumer loader = ResilientConsumer.builder(catalog)
                        .kafka(kafka)
                        .group("audit-loader")
                        .topics("audit.in")
                        .sink(sink)
                        .batches(new BatchLimits(10, 1 << 20, Duration.ofMillis(100)))
                        .deadLetterTopics(DeadLetterTopics.CREATE)
                        .build()) {
            sink.migrate();
            rollups(engine, catalog).apply();
            loader.start();
            await(engine, "SELECT count() FROM audit.counted", "45");
            assertThat(loader.close(Duration.ofSeconds(30)).drained()).isTrue();
        }

        assertThat(audit(broker, engine, file)).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(
                        "audit.in-0 [0, 51): read 51 = rows 45 + dead letters 5 + neither needed 1 + expired 0 + missing 0");

        engine.query("ALTER TABLE audit.counted UPDATE _loaded_at = _loaded_at - toIntervalHour(1) WHERE true"
                + " SETTINGS mutations_sync = 1"); // so that every quarter of an hour is settled
        assertThat(audit(broker, engine, file)).as(err.toString()).isEqualTo(ExitCode.OK);
        Rollup rollup = rollups(engine, catalog).ready().iterator().next();
        engine.query("TRUNCATE TABLE audit." + rollup.name());
        assertThat(audit(broker, engine, file)).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .contains("rollup audit." + rollup.name() + " for count: ", " quarter hours differ from their facts\n")
                .containsPattern("  \\S+:00Z: has 0 of \\d+ facts\n")
                .contains("then bin/cdp metrics apply");
        assertThat(audit(broker, engine, file, "--json")).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString()).contains("\"rollups\":[{\"rollup\":\"audit." + rollup.name() + "\",\"time\":");
        rollup.drop().forEach(engine::query);

        engine.query("DELETE FROM audit.counted WHERE _offset IN (7, 20)");
        engine.query("INSERT INTO audit.counted SELECT * FROM audit.counted WHERE _offset = 11"
                + " SETTINGS insert_deduplicate = 0");
        engine.query("INSERT INTO audit.counted SELECT * REPLACE (toInt64(13) AS _offset) FROM (SELECT *"
                + " FROM audit.counted WHERE _offset = 12) SETTINGS insert_deduplicate = 0");
        engine.query("INSERT INTO audit.counted SELECT * REPLACE (toUInt32(1) AS _replay) FROM audit.counted"
                + " WHERE _offset = 14 SETTINGS insert_deduplicate = 0");

        assertThat(audit(broker, engine, file)).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString()).contains("\n  missing: 7, 20\n").contains("\n  doubled: 11, 13\n");
        assertThat(audit(broker, engine, file, "--json")).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString()).contains("\"missing\":[7,20],\"doubled\":[11,13]");
        assertThat(audit(broker, engine, file, "--to", first.toString())).isEqualTo(ExitCode.OK);
        assertThat(audit(
                        broker,
                        engine,
                        file,
                        "--from",
                        first.plusSeconds(8).toString(),
                        "--to",
                        first.plusSeconds(20).toString()))
                .isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString())
                .isEqualTo("audit.in-0 [8, 20): read 12 = rows 12 + dead letters 1 + neither needed 0 + expired 0 +"
                        + " missing 0; doubled 2\n  doubled: 11, 13\n");
    }

    private static Rollups rollups(EmbeddedClickHouse engine, Catalog catalog) {
        ClickHouseServer server = ClickHouseServer.of(engine.url(), engine.user(), engine::password);
        return Rollups.of(ClickHouseClient.of(server, Duration.ofMinutes(1)), catalog);
    }

    private int audit(EmbeddedKafka broker, EmbeddedClickHouse engine, Path catalog, String... more)
            throws IOException {
        out = new StringWriter();
        List<String> args = new ArrayList<>(List.of(
                "audit",
                catalog.toString(),
                "--bootstrap",
                broker.bootstrapServers(),
                "--clickhouse-url",
                engine.url().toString(),
                "--clickhouse-user",
                engine.user(),
                "--clickhouse-password-file",
                Files.writeString(temp.resolve("password"), engine.password()).toString()));
        args.addAll(List.of(more));
        return Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    }

    private static void await(EmbeddedClickHouse engine, String sql, String expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!engine.query(sql).strip().equals(expected)) {
            assertThat(System.nanoTime()).as(sql).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000L);
        }
    }
}
