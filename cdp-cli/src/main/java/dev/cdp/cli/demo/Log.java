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
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        describe(topics)
                .forEach((name, topic) -> topic.partitions()
                        .forEach(partition ->
                                latest.put(new TopicPartition(name, partition.partition()), OffsetSpec.latest())));
        Map<TopicPartition, Long> ends = new TreeMap<>(BY_NAME);
        ask(admin.listOffsets(latest).all()).forEach((partition, offset) -> ends.put(partition, offset.offset()));
        return ends;
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

    /** Empty for a group that does not exist yet. */
    Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                new HashMap<>(ask(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()));
        committed.values().removeIf(Objects::isNull);
        return committed;
    }

    /** The ids of topics as a list of SQL literals. */
    String topicIds(Collection<String> topics) {
        return describe(topics).values().stream()
                .map(TopicDescription::topicId)
                .map(id -> "'" + new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()) + "'")
                .collect(Collectors.joining(", "));
    }

    private Map<String, TopicDescription> describe(Collection<String> topics) {
        return ask(admin.describeTopics(topics).allTopicNames());
    }

    /** Every record of those topics, from the first to the last that stands there now. */
    List<ConsumerRecord<byte[], byte[]>> read(Set<String> topics) {
        Map<TopicPartition, Long> ends = ends(topics);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        } catch (KafkaException e) {
            throw new UnusableException("could not read the dead letters: " + e.getMessage(), e);
        }
        return records;
    }

    private static <T> T ask(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new UnusableException("Kafka did not answer: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while asking Kafka", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
