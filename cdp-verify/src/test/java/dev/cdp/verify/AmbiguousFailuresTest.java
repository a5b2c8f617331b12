package dev.cdp.verify;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.clickhouse.ClickHouseClient;
import dev.cdp.clickhouse.ClickHouseServer;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.clickhouse.metrics.MetricCompiler;
import dev.cdp.clickhouse.metrics.MetricQuery;
import dev.cdp.clickhouse.metrics.MetricSql;
import dev.cdp.clickhouse.metrics.Rollups;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.embedded.EngineOrSkip;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A loader and a ClickHouse server to which everything happens after which nobody knows whether a batch is stored. In the
 * end there is one row, or one dead letter, for each record, and the rollups say the same as the facts. At the small size each
 * fault comes once; at full size there are 200 rounds of 2,500 records. {@code -Dcdp.ambiguous.rounds} and
 * {@code -Dcdp.ambiguous.records} set other sizes, and {@code -Dcdp.ambiguous.seed=N} repeats a run.
 */
@Tag("campaign")
final class AmbiguousFailuresTest {

    private static final boolean FULL = Boolean.getBoolean("cdp.campaigns.full");
    private static final int ROUNDS = Integer.getInteger("cdp.ambiguous.rounds", FULL ? 200 : Fault.values().length);
    private static final int RECORDS = Integer.getInteger("cdp.ambiguous.records", FULL ? 2_500 : 600);
    private static final int PARTITIONS = 3;
    private static final int POISON_EVERY = 400;
    private static final String TOPIC = "ambiguous.in";
    private static final String CATALOG = """
            cdp: 1
            catalog: ambiguous
            source: //ambiguous
            defaults: { table: { database: ambiguous } }
            events:
              clicked:
                topic: ambiguous.in
                schema:
                  type: object
                  required: [n, country]
                  properties:
                    n: { type: integer }
                    country: { type: string, maxLength: 2 }
            dimensions:
              country: { path: /country }
            metrics:
              clicks: { fact: clicked, measure: count, by: [country] }
              numbers: { fact: clicked, measure: sum, of: /n, by: [country] }
            """;

    @TempDir
    private Path folder;

    private final Random random;
    private final long seed = Long.getLong("cdp.ambiguous.seed", System.nanoTime());
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private long produced;
    private long poison;

    AmbiguousFailuresTest() {
        random = new Random(seed);
    }

    /** What happens in a round, while its records are loaded; the pauses are part of the faults. */
    private enum Fault {
        ENGINE_KILLED,
        ANSWERS_LOST,
        LOADER_KILLED,
        TOO_MANY_PARTS,
        READ_ONLY,
        MEMORY_LIMIT,
        BOTH_KILLED
    }

    @Test
    void whateverIsLeftUnansweredEveryRecordIsOneRowAndTheRollupsAgree() throws Exception {
        Path file = Files.writeString(folder.resolve("cdp.yaml"), CATALOG);
        Catalog catalog = Catalog.load(file);
        try (EmbeddedKafka broker = EmbeddedKafka.builder()
                        .property("group.min.session.timeout.ms", "500")
                        .property("broker.session.timeout.ms", "30000") // nobody else takes over on a busy machine
                        .start();
                EmbeddedClickHouse engine = EngineOrSkip.startClickHouse();
                FaultyServer server = new FaultyServer(engine.url());
                Loader loader = new Loader(broker, server, engine, file);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        broker.properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            broker.createTopic(TOPIC, PARTITIONS);
            ClickHouseClient client = ClickHouseClient.of(
                    ClickHouseServer.of(engine.url(), engine.user(), engine::password), Duration.ofMinutes(1));
            try (ClickHouseSink sink = ClickHouseSink.builder(catalog)
                    .url(engine.url())
                    .credentials(engine.user(), engine::password)
                    .build()) {
                sink.migrate();
            }
            Rollups.of(client, catalog).apply();
            produce(producer);
            loader.await("the first record", engine, poison + 1);
            for (int round = 0; round < ROUNDS; round++) {
                round(Fault.values()[round % Fault.values().length], producer, server, engine, loader);
            }
            loader.await("all records", engine, produced);
            loader.stop();
            balance(catalog, client, broker, engine);
        }
    }

    private void round(
            Fault fault,
            KafkaProducer<byte[], byte[]> producer,
            FaultyServer server,
            EmbeddedClickHouse engine,
            Loader loader)
            throws Exception {
        int round = faults.values().stream().mapToInt(Integer::intValue).sum();
        if (round > 0 && round % 20 == 0) {
            System.out.printf("ambiguous failures: %d of %d rounds%n", round, ROUNDS);
        }
        faults.merge(fault, 1, Integer::sum);
        produce(producer);
        // From before a batch is written to after it is.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(150)));
        switch (fault) {
            case ENGINE_KILLED -> {
                engine.kill();
                engine.restart();
            }
            case LOADER_KILLED -> loader.killAndStart();
            case BOTH_KILLED -> {
                engine.kill();
                loader.killAndStart();
                engine.restart();
            }
            case ANSWERS_LOST -> {
                server.loseAnswers(FaultyServer.Answers.LOST);
                pause();
                server.loseAnswers(FaultyServer.Answers.PASSED);
            }
            case MEMORY_LIMIT -> {
                server.settings("max_memory_usage=10000&max_untracked_memory=1");
                pause();
                server.settings("");
            }
            case TOO_MANY_PARTS -> during(engine, "max_parts_in_total = 0", "max_parts_in_total");
            case READ_ONLY -> during(engine, "table_readonly = 1", "table_readonly");
        }
        // This round's may still be on their way when the next fault comes.
        loader.await("the records of the round before", engine, produced - RECORDS);
    }

    private void during(EmbeddedClickHouse engine, String setting, String reset) {
        engine.query("ALTER TABLE ambiguous.clicked MODIFY SETTING " + setting);
        pause();
        engine.query("ALTER TABLE ambiguous.clicked RESET SETTING " + reset);
    }

    private void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(400)));
    }

    /** Every other record is of the month before. */
    private void produce(KafkaProducer<byte[], byte[]> producer) {
        long now = Instant.now().toEpochMilli();
        for (int i = 0; i < RECORDS; i++) {
            boolean bad = produced % POISON_EVERY == 7;
            String value =
                    bad ? "{\"n\":\"poison\"}" : "{\"n\":" + produced + ",\"country\":\"C" + random.nextInt(9) + "\"}";
            long time = produced % 2 == 0 ? now : now - TimeUnit.DAYS.toMillis(31);
            var unused = producer.send(new ProducerRecord<>(
                    TOPIC, random.nextInt(PARTITIONS), time, null, value.getBytes(StandardCharsets.UTF_8)));
            produced++;
            poison += bad ? 1 : 0;
        }
        producer.flush();
    }

    private static long rows(EmbeddedClickHouse engine) {
        return Long.parseLong(
                engine.query("SELECT count() FROM ambiguous.clicked").strip());
    }

    private void balance(Catalog catalog, ClickHouseClient client, EmbeddedKafka broker, EmbeddedClickHouse engine) {
        Set<String> deadLetters = deadLetterOrigins(broker);
        String facts = engine.query(
                        "SELECT count(), uniqExact(_topic_id, _partition, _offset), sum(n) FROM ambiguous.clicked")
                .strip();
        MetricCompiler compiler = MetricCompiler.of(catalog);
        List<String> rolledUp = new ArrayList<>();
        for (String metric : List.of("clicks", "numbers")) {
            MetricSql sql = compiler.compile(
                    MetricQuery.of(metric).build(), Rollups.of(client, catalog).ready());
            assertThat(sql.reads()).singleElement().asString().contains("_rollup_");
            rolledUp.add(String.valueOf(
                    client.select("ask " + metric, sql.sql()).get(0).get(0)));
        }
        String[] counts = facts.split("\t", -1);
        System.out.printf(
                "ambiguous failures: seed %d, %d rounds %s, %d records = %s rows of %s distinct records + %d dead letters;"
                        + " rollup: %s rows, sum %s of %s%n",
                seed,
                ROUNDS,
                faults,
                produced,
                counts[0],
                counts[1],
                deadLetters.size(),
                rolledUp.get(0),
                rolledUp.get(1),
                counts[2]);
        String good = String.valueOf(produced - poison);
        assertThat(List.of(counts[0], counts[1], rolledUp.get(0), rolledUp.get(1)))
                .as("rows, distinct records, rows and sum in the rollup; -Dcdp.ambiguous.seed=%d", seed)
                .isEqualTo(List.of(good, good, good, counts[2]));
        assertThat(deadLetters).as("origins of dead letters").hasSize((int) poison);
    }

    /** The origins of all dead letters. */
    private static Set<String> deadLetterOrigins(EmbeddedKafka broker) {
        Set<String> origins = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(broker.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    reader.listTopics().getOrDefault("dlq." + TOPIC, Collections.emptyList()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(one -> reader.position(one) < ends.get(one))) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(record -> origins.add(text(record, DeadLetterHeaders.PARTITION) + "@"
                                + text(record, DeadLetterHeaders.OFFSET)));
            }
        }
        return origins;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    /** The loader's JVM, which is started again whenever it has ended. */
    private final class Loader implements AutoCloseable {

        private final String[] arguments;
        private ChildJvm jvm;

        Loader(EmbeddedKafka broker, FaultyServer server, EmbeddedClickHouse engine, Path catalog) {
            this.arguments = new String[] {
                broker.bootstrapServers(),
                "ambiguous-loader",
                TOPIC,
                catalog.toString(),
                server.url().toString(),
                engine.user(),
                engine.password()
            };
            start();
        }

        private void start() {
            jvm = ChildJvm.of(LoaderMain.class)
                    .jvmOption("-Xmx256m")
                    .jvmOption("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                    .start(arguments);
        }

        void killAndStart() {
            jvm.close();
            start();
        }

        /** Waits until so many records are rows or dead letters. */
        void await(String what, EmbeddedClickHouse engine, long enough) {
            try {
                Await.until(
                        what + ": " + enough + " settled, of which so many are poison: " + poison,
                        () -> {
                            if (!jvm.alive()) {
                                killAndStart(); // a broker on a busy machine may not answer in time
                            }
                            return rows(engine);
                        },
                        rows -> rows + poison >= enough);
            } catch (AssertionError e) {
                throw new AssertionError(
                        e.getMessage() + "; -Dcdp.ambiguous.seed=" + seed + "; the loader's output:\n" + jvm.output(),
                        e);
            }
        }

        void stop() {
            jvm.awaitReady().terminate();
            jvm.awaitExit(LoaderMain.CLOSED);
        }

        @Override
        public void close() {
            jvm.close();
        }
    }
}
