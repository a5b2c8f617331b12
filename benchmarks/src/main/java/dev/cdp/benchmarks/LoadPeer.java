package dev.cdp.benchmarks;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.insert.InsertSettings;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.clickhouse.RowDoor;
import dev.cdp.consumer.BatchLimits;
import dev.cdp.consumer.ConsumerListener;
import dev.cdp.consumer.DeadLetterTopics;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.schema.Column;
import dev.cdp.core.sink.BatchId;
import dev.cdp.core.sink.SinkEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.json.JsonMapper;

/** Who brings a topic's events into the table. All have the same table and rows, and batches of 10,000. */
enum LoadPeer {
    RAW("prebuilt blocks posted raw (the limit)") {
        @Override
        void load(Load load) {
            byte[] block = block(ROWS);
            poll(load, records -> {
                load.target().insert(NATIVE, "", records.size() == ROWS ? block : block(records.size()));
            });
        }
    },
    CDP("cdp: validated, exactly once") {
        @Override
        void load(Load load) throws InterruptedException {
            Catalog catalog = RowPeer.catalog();
            AtomicLong stored = new AtomicLong();
            CountDownLatch done = new CountDownLatch(1);
            ClickHouseSink sink = ClickHouseSink.builder(catalog)
                    .url(load.target().url())
                    .credentials(load.target().user(), load.target()::password)
                    .build();
            ResilientConsumer consumer = ResilientConsumer.builder(catalog)
                    .kafka(Map.of("bootstrap.servers", load.bootstrap()))
                    .group("cdp-" + UUID.randomUUID())
                    .topics(PublishPeer.TOPIC)
                    .sink(sink)
                    .batches(new BatchLimits(ROWS, 64L << 20, Duration.ofSeconds(1)))
                    .deadLetterTopics(DeadLetterTopics.CREATE)
                    .listener(new ConsumerListener() {
                        @Override
                        public void batchStored(BatchId batch, int rows) {
                            load.stored(stored.addAndGet(rows));
                            if (stored.get() >= load.events()) {
                                done.countDown();
                            }
                        }
                    })
                    .build();
            consumer.start();
            done.await();
            consumer.close(Duration.ofSeconds(10));
            sink.close();
        }
    },
    /** Neither validated nor exactly once. */
    CLIENT_V2("Jackson objects, client-v2 POJO inserts") {
        @Override
        void load(Load load) {
            JsonMapper mapper = JsonMapper.builder().build();
            try (Client client = new Client.Builder()
                    .addEndpoint(load.target().url().toString())
                    .setUsername(load.target().user())
                    .setPassword(load.target().password())
                    .setDefaultDatabase("cdp")
                    .build()) {
                client.register(TableRow.class, client.getTableSchema(RowPeer.EVENT, "cdp"));
                poll(load, records -> {
                    List<TableRow> rows = new ArrayList<>(records.size());
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        rows.add(new TableRow(mapper.readValue(record.value(), PageView.class), record.offset()));
                    }
                    client.insert(RowPeer.EVENT, rows, new InsertSettings())
                            .get()
                            .close();
                });
            }
        }
    },
    /** Neither validated nor exactly once. */
    JSON_EACH_ROW("Jackson trees, JSONEachRow") {
        @Override
        void load(Load load) {
            List<Column> columns = RowPeer.table(RowPeer.catalog()).columns();
            poll(load, records -> {
                ByteArrayOutputStream body = new ByteArrayOutputStream(records.size() * 1_200);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    body.writeBytes(RowPeer.jsonRow(columns, record.value(), record.offset()));
                    body.write('\n');
                }
                load.target().insert("JSONEachRow", "", body.toByteArray());
            });
        }
    },
    /** At least once, and a record that it cannot read stops it; nothing of it is in this JVM. */
    KAFKA_ENGINE("ClickHouse's Kafka engine and a materialized view") {
        @Override
        void load(Load load) throws InterruptedException {
            LoadTarget target = load.target();
            List<Column> columns = RowPeer.table(RowPeer.catalog()).columns();
            target.query("DROP TABLE IF EXISTS cdp.queue_view SYNC");
            target.query("DROP TABLE IF EXISTS cdp.queue SYNC");
            target.query("CREATE TABLE cdp.queue (view_id UUID, event_type String, occurred_at DateTime64(3, 'UTC'),"
                    + " session_id String, actor Tuple(id String, signed_in Nullable(Bool), email Nullable(String)),"
                    + " post Tuple(id UUID, author_id String, title Nullable(String)), dwell_ms Nullable(UInt32),"
                    + " visible_share Nullable(Float64), context Tuple(page Tuple(url String, referrer Nullable(String)),"
                    + " device Tuple(platform Nullable(String), user_agent Nullable(String), screen_width"
                    + " Nullable(UInt16)), locale Nullable(String), ip Nullable(IPv4), geo Tuple(country Nullable(String),"
                    + " city Nullable(String)))) ENGINE = Kafka SETTINGS kafka_broker_list = '" + load.bootstrap()
                    + "', kafka_topic_list = '" + PublishPeer.TOPIC + "', kafka_group_name = 'engine-"
                    + UUID.randomUUID() + "', kafka_format = 'JSONEachRow', kafka_num_consumers = 1,"
                    + " kafka_max_block_size = " + ROWS + ", kafka_poll_max_batch_size = " + ROWS
                    + ", date_time_input_format = 'best_effort'");
            StringBuilder select =
                    new StringBuilder("SELECT _headers.value[indexOf(_headers.name, 'ce_id')] AS event_id,"
                            + " occurred_at AS event_time, 1 AS event_version");
            for (Column column : columns) {
                select.append(", ")
                        .append(column.pointer().substring(1).replace('/', '.'))
                        .append(" AS ")
                        .append(column.name());
            }
            target.query("CREATE MATERIALIZED VIEW cdp.queue_view TO " + LoadTarget.TABLE + " AS " + select
                    + ", _topic, _partition, _offset, now64(3) AS _loaded_at FROM cdp.queue");
            long stored = 0;
            while (stored < load.events()) {
                Thread.sleep(20);
                stored = Long.parseLong(target.query("SELECT count() FROM " + LoadTarget.TABLE));
                load.stored(stored);
            }
            target.query("DROP TABLE cdp.queue_view SYNC");
            target.query("DROP TABLE cdp.queue SYNC");
        }
    };

    static final int ROWS = 10_000;
    static final String NATIVE = "Native";
    static final String ROW_BINARY = "RowBinaryWithNamesAndTypes";

    private final String title;

    LoadPeer(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Loads the events of the topic into the empty table, and says how many are there. */
    abstract void load(Load load) throws Exception;

    /** A block of {@code Native} of so many events. */
    static byte[] block(int rows) {
        return of(rows, RowDoor::block);
    }

    /** The same in {@code RowBinaryWithNamesAndTypes}. */
    static byte[] rows(int rows) {
        return of(rows, RowDoor::rows);
    }

    private static byte[] of(int rows, Making making) {
        byte[][] payloads = new PublishEvents().payloads();
        BatchId batch = new BatchId(PublishPeer.TOPIC, RowPeer.TOPIC_ID, 0, 0, rows, 0);
        List<SinkEvent> events = new ArrayList<>(rows);
        // Ids and times that compress as those of other events do.
        Random random = new Random(1);
        Instant start = Instant.now();
        for (int i = 0; i < rows; i++) {
            EventAttributes attributes = new EventAttributes(
                    new UUID(random.nextLong(), random.nextLong()).toString(),
                    RowPeer.EVENT,
                    URI.create("//benchmark.example"),
                    start.plusMillis(random.nextInt(3_600_000)),
                    null,
                    null);
            events.add(new SinkEvent(i, attributes, 1, payloads[i % payloads.length]));
        }
        return making.bytes(new RowDoor(RowPeer.table(RowPeer.catalog())), batch, events);
    }

    /** A plain loop of Kafka's consumer, which commits what is inserted. */
    private static void poll(Load load, Writing writing) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", load.bootstrap());
        properties.put("group.id", "plain-" + UUID.randomUUID());
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        properties.put("max.poll.records", "5000");
        properties.put("max.partition.fetch.bytes", Integer.toString(8 << 20));
        long left = load.events();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(PublishPeer.TOPIC));
            List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(ROWS);
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    batch.add(record);
                    left--;
                    if (batch.size() == ROWS || left == 0) {
                        writing.write(batch);
                        load.stored(load.events() - left);
                        batch.clear();
                    }
                }
                consumer.commitSync();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes bytes of a batch. */
    @FunctionalInterface
    private interface Making {
        byte[] bytes(RowDoor door, BatchId batch, List<SinkEvent> events);
    }

    /** Inserts a batch. */
    @FunctionalInterface
    private interface Writing {
        void write(List<ConsumerRecord<byte[], byte[]>> records) throws Exception;
    }

    /** One pass over a topic that holds so many events; {@code whenStored} is told how many rows are in the table. */
    record Load(String bootstrap, LoadTarget target, long events, LongConsumer whenStored) {

        void stored(long rows) {
            whenStored.accept(rows);
        }
    }
}
