package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.cdp.consumer.dlq.LetterFilter;
import dev.cdp.consumer.dlq.StoredLetter;
import dev.cdp.core.broker.BootstrapServers;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks through a dead letter topic and changes nothing: what is there, of what a {@link Redrive} has not done with. One
 * thread.
 */
public final class DeadLetterBrowser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String topic;
    private final Cluster cluster;
    private final Cluster.Topic description;
    private final Consumer<byte[], byte[]> consumer;

    private DeadLetterBrowser(
            String topic, Cluster cluster, Cluster.Topic description, Consumer<byte[], byte[]> consumer) {
        this.topic = topic;
        this.cluster = cluster;
        this.description = description;
        this.consumer = consumer;
    }

    /**
     * Opens a dead letter topic.
     *
     * @param kafka properties of a Kafka client
     * @throws RedriveException if no broker answers, or there is no such topic
     */
    public static DeadLetterBrowser open(Map<String, Object> kafka, String topic) {
        return open(kafka, topic, BootstrapServers.DEFAULT_TIMEOUT);
    }

    /**
     * Opens a dead letter topic.
     *
     * @param kafka properties of a Kafka client
     * @param connectTimeout how long an answer of a broker is waited for, 100 ms to 5 min
     * @throws RedriveException if no broker answers, or there is no such topic
     */
    public static DeadLetterBrowser open(Map<String, Object> kafka, String topic, Duration connectTimeout) {
        return open(
                new ClientProperties(
                        kafka,
                        Redrive.group(Objects.requireNonNull(topic, "topic")),
                        BootstrapServers.checkTimeout(connectTimeout)),
                topic);
    }

    static DeadLetterBrowser open(ClientProperties properties, String topic) {
        Cluster cluster = Cluster.connect(properties);
        try {
            return new DeadLetterBrowser(topic, cluster, existing(cluster, topic), consumer(properties));
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    static Cluster.Topic existing(Cluster cluster, String topic) {
        return cluster.topic(topic)
                .orElseThrow(() -> RedriveException.unusable(
                        "there is no topic " + topic + "; name a dead letter topic, such as dlq.<topic>", null));
    }

    static Consumer<byte[], byte[]> consumer(ClientProperties properties) {
        return new KafkaConsumer<>(properties.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Set<TopicPartition> partitions(String topic, Cluster.Topic description) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (int partition = 0; partition < description.partitions(); partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        return partitions;
    }

    /** Gives the letters that are meant to somebody, partition by partition in their order. */
    public void read(LetterFilter filter, java.util.function.Consumer<StoredLetter> to) {
        LetterScan scan = scan();
        while (!scan.finished()) {
            scan.next().stream().filter(filter::matches).forEach(to);
        }
    }

    LetterScan scan() {
        Set<TopicPartition> partitions = partitions(topic, description);
        consumer.assign(partitions);
        try {
            return new LetterScan(consumer, description, partitions);
        } catch (KafkaException e) {
            throw RedriveException.unusable(topic + " cannot be read: " + e.getMessage(), e);
        }
    }

    Cluster cluster() {
        return cluster;
    }

    /** One letter, redriven or not; empty where that offset holds none. */
    public Optional<StoredLetter> letter(int partition, long offset) {
        if (partition < 0 || partition >= description.partitions() || offset < 0) {
            return Optional.empty();
        }
        return record(consumer, new TopicPartition(topic, partition), offset).map(StoredLetter::new);
    }

    /** The record at an offset, if there is one. */
    static Optional<ConsumerRecord<byte[], byte[]>> record(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
        Set<TopicPartition> one = Set.of(partition);
        consumer.assign(one);
        long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
        long beginning = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
        if (offset < beginning || offset >= end) {
            return Optional.empty();
        }
        consumer.seek(partition, offset);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) <= offset && System.nanoTime() - deadline < 0) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            try {
                records.addAll(consumer.poll(Duration.ofMillis(500)).records(partition));
            } catch (OffsetOutOfRangeException e) {
                return Optional.empty(); // deleted meanwhile
            }
            if (!records.isEmpty()) {
                return records.stream()
                        .filter(record -> record.offset() == offset)
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
        cluster.close();
    }
}
