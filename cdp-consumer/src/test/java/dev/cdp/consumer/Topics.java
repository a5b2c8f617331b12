package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventType;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import static org.assertj.core.api.Assertions.assertThat;

/** A topic of a test's own on a real broker, with its dead letter topic and a catalog of two events on it. */
final class Topics implements AutoCloseable {

    @EventType("page_viewed")
    record PageViewed(String pageId, Integer ordinal) {}

    final EmbeddedKafka kafka;
    final String topic = "t-" + UUID.randomUUID();
    final String group = "g-" + topic;
    final int partitions;
    final KafkaProducer<byte[], byte[]> producer;
    final Admin admin;

    Topics(EmbeddedKafka kafka, int partitions) {
        this(kafka, partitions, kafka.properties());
    }

    Topics(EmbeddedKafka kafka, int partitions, Map<String, Object> properties) {
        this.kafka = kafka;
        this.partitions = partitions;
        kafka.createTopic(topic, partitions);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.admin = Admin.create(properties);
    }

    Topics withDeadLetters() {
        kafka.createTopic(deadLetters(), 2);
        return this;
    }

    String deadLetters() {
        return "dlq." + topic;
    }

    Catalog catalog() {
        return catalog("enforce");
    }

    Catalog catalog(String mode) {
        return catalog(topic, mode);
    }

    static Catalog catalog(String topic, String mode) {
        String yaml = """
                cdp: 1
                catalog: test
                source: //test.example
                defaults: { topic: "%s", mode: %s }
                events:
                  page_viewed:
                    description: A page was seen.
                    key: /page_id
                    schema:
                      type: object
                      required: [page_id, ordinal]
                      properties: { page_id: { type: string }, ordinal: { type: integer, minimum: 0, maximum: 1000000 } }
                  page_closed:
                    schema: { type: object, required: [page_id], properties: { page_id: { type: string } } }
                """.formatted(topic, mode);
        try {
            Path folder = Files.createTempDirectory("cdp-consumer-test");
            Path file = Files.writeString(folder.resolve("cdp.yaml"), yaml);
            Catalog catalog = Catalog.load(file);
            Files.delete(file);
            Files.delete(folder);
            return catalog;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * What clients connect with, by the classic protocol: none waits long for a broker that has nothing to send, above all
     * not to close, and members soon hear of a rebalance.
     */
    Map<String, Object> properties() {
        Map<String, Object> properties = properties("classic");
        properties.put("heartbeat.interval.ms", 300);
        return properties;
    }

    /** As {@link #properties()}, and with no setting that one of the group protocols does not know. */
    Map<String, Object> properties(String protocol) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put("group.protocol", protocol);
        properties.put("fetch.max.wait.ms", 50);
        return properties;
    }

    ConsumerBuilder consumer() {
        return ResilientConsumer.builder(catalog())
                .kafka(properties())
                .group(group)
                .topics(topic)
                .commitInterval(Duration.ofMillis(50))
                .batches(new BatchLimits(50, 1 << 20, Duration.ofMillis(50)));
    }

    /** Publishes a valid event; its ordinal tells it from all others. */
    void publish(int partition, int ordinal) {
        send(partition, "k" + ordinal, "page_viewed", "{\"page_id\":\"p\",\"ordinal\":" + ordinal + "}");
    }

    void publishAll(int count) {
        IntStream.range(0, count).forEach(i -> publish(i % partitions, i));
        producer.flush();
    }

    void send(int partition, String key, String type, String value) {
        send(partition, key.getBytes(StandardCharsets.UTF_8), type, value.getBytes(StandardCharsets.UTF_8));
    }

    void send(int partition, byte[] key, String type, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, key, value);
        if (!type.isEmpty()) {
            record.headers().add("ce_type", type.getBytes(StandardCharsets.UTF_8));
        }
        Future<RecordMetadata> unused = producer.send(record);
    }

    List<ConsumerRecord<byte[], byte[]>> read(String name) {
        return read(name, properties());
    }

    /** What consumers that read committed records see of a topic, once no transaction is open. */
    List<ConsumerRecord<byte[], byte[]>> readCommitted(String name) {
        Map<String, Object> properties = properties();
        properties.put("isolation.level", "read_committed");
        return read(name, properties);
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String name, Map<String, Object> properties) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = reader.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = reader.endOffsets(all);
            reader.assign(all);
            reader.seekToBeginning(all);
            while (all.stream().anyMatch(one -> reader.position(one) < ends.get(one))) {
                reader.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    /** How many records a topic holds, of which none was deleted or written in a transaction. */
    long size(String name) {
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = reader.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            return reader.endOffsets(all).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    Map<TopicPartition, OffsetAndMetadata> committed() {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sum of the committed offsets. */
    long committedTotal() {
        return committed().values().stream()
                .filter(java.util.Objects::nonNull)
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    OffsetAndMetadata committed(int partition) {
        return committed().get(new TopicPartition(topic, partition));
    }

    /** Whether a batch of the partition's first fifty records is open. */
    boolean planned(int partition) {
        OffsetAndMetadata committed = committed(partition);
        return committed != null && committed.metadata().contains(";0;50;");
    }

    /** The lag of the group, by the broker. */
    long lag() {
        return lags().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The lag of the group on each partition that has one. */
    private Map<TopicPartition, Long> lags() {
        try {
            Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
            for (int p = 0; p < partitions; p++) {
                specs.put(new TopicPartition(topic, p), OffsetSpec.latest());
            }
            Map<TopicPartition, OffsetAndMetadata> committed = committed();
            Map<TopicPartition, Long> lags = new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
            admin.listOffsets(specs).all().get().forEach((partition, end) -> {
                OffsetAndMetadata offset = committed.get(partition);
                long lag = end.offset() - (offset == null ? 0 : offset.offset());
                if (lag != 0) {
                    lags.put(partition, lag);
                }
            });
            return lags;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until all that was sent is committed: what is not in the log yet has no lag. */
    void awaitLagZero() {
        producer.flush();
        Await.untilAsserted(() ->
                assertThat(lags()).as("records without a commit, by partition").isEmpty());
    }

    Set<String> names() throws ExecutionException, InterruptedException {
        return admin.listTopics().names().get();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
