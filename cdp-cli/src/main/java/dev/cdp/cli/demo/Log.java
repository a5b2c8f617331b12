package dev.cdp.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

import dev.cdp.cli.command.UnusableException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What stands in the broker itself: ends of logs, committed offsets, records. For one thread. */
final class Log implements AutoCloseable {

    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final Map<String, Object> properties;
    private final Admin admin;

    Log(Map<String, Object> kafka) {
        this.properties = new HashMap<>(kafka);
        this.admin = Admin.create(properties);
    }

    /** The next offset to be written, by partition. */
    Map<TopicPartition, Long> ends(Collection<String> topics) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Map<TopicPartition, Long> ends = new TreeMap<>(BY_NAME);
            ends.putAll(consumer.endOffsets(partitions(consumer, topics)));
            return ends;
        }
    }

    /** How many records of those partitions a group has not committed. */
    Map<TopicPartition, Long> lag(String group, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        Map<TopicPartition, Long> lag = new TreeMap<>(BY_NAME);
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            // The ends are older than the commits: a fast group may stand beyond them.
            lag.put(partition, Math.max(0, end - (offset == null ? 0 : offset.offset())));
        });
        return lag;
    }

    Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get());
            committed.values().removeIf(Objects::isNull);
            return committed;
        } catch (ExecutionException e) {
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while asking Kafka", e);
        }
    }

    /** The ids of topics as a list of SQL literals. */
    String topicIds(Collection<String> topics) {
        try {
            return admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .map(TopicDescription::topicId)
                    .map(id -> "'" + new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()) + "'")
                    .collect(Collectors.joining(", "));
        } catch (ExecutionException e) {
            throw new UnusableException("could not describe the topics: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while asking Kafka", e);
        }
    }

    /** Every record of those topics, from the first to the last that stands there now. */
    List<ConsumerRecord<byte[], byte[]>> read(Set<String> topics) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topics);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Collection<String> topics) {
        return topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        admin.close();
    }
}
