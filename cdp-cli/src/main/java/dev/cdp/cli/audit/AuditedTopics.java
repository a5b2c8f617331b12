package dev.cdp.cli.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.core.event.DeadLetterHeaders;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The topics of an audit, which reads them without a group and commits nothing. One thread. */
final class AuditedTopics implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MAX_IDLE_POLLS = 60;

    private final Map<String, Object> kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;

    AuditedTopics(Map<String, Object> kafka) {
        this.kafka = kafka;
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.remove("group.id");
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "none");
        properties.put("allow.auto.create.topics", "false");
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The ids of topics, which tell a topic from one made anew. */
    Map<String, UUID> ids(Collection<String> topics) throws InterruptedException {
        try (Admin admin = Admin.create(kafka)) {
            Map<String, UUID> ids = new HashMap<>();
            admin.describeTopics(topics).allTopicNames().get().forEach((topic, description) -> {
                var id = description.topicId();
                ids.put(topic, new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
            });
            return ids;
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnusableException("cannot read about topics " + topics + ": " + cause.getMessage(), e);
        }
    }

    /** The partitions of topics; a topic that is not there has none. */
    List<TopicPartition> partitions(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        Map<String, List<PartitionInfo>> known = consumer.listTopics();
        for (String topic : topics) {
            known.getOrDefault(topic, List.of())
                    .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        return partitions;
    }

    /**
     * What stands on each partition: from the first record that is not older than one time to the first that is not older
     * than the other.
     */
    Map<TopicPartition, Range> ranges(List<TopicPartition> partitions, @Nullable Instant from, @Nullable Instant to) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Range> ranges = new HashMap<>();
        Map<TopicPartition, Long> firsts = at(partitions, from, begins, ends);
        Map<TopicPartition, Long> lasts = at(partitions, to, ends, ends);
        for (TopicPartition partition : partitions) {
            ranges.put(partition, new Range(offset(firsts, partition), offset(lasts, partition)));
        }
        return ranges;
    }

    private Map<TopicPartition, Long> at(
            List<TopicPartition> partitions,
            @Nullable Instant time,
            Map<TopicPartition, Long> otherwise,
            Map<TopicPartition, Long> ends) {
        if (time == null) {
            return otherwise;
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp at = found.get(partition);
            offsets.put(partition, at == null ? offset(ends, partition) : at.offset());
        }
        return offsets;
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new UnusableException("the broker does not tell where " + partition + " begins and ends");
        }
        return offset;
    }

    /** Calls {@code each} with every record of a range. */
    void read(TopicPartition partition, Range range, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        if (range.from() >= range.to()) {
            return;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, range.from());
        int idle = 0;
        while (consumer.position(partition) < range.to()) {
            long before = consumer.position(partition);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < range.to()) {
                    each.accept(record);
                }
            }
            idle = consumer.position(partition) == before ? idle + 1 : 0;
            if (idle > MAX_IDLE_POLLS) {
                throw new UnusableException(partition + " stands still at offset " + before + " of " + range.to()
                        + ": an open transaction, or no broker answers");
            }
        }
    }

    /** The origins of every dead letter on topics: a letter that was written twice is one. */
    Map<TopicPartition, Set<Long>> letters(List<TopicPartition> partitions) {
        Map<TopicPartition, Set<Long>> origins = new HashMap<>();
        ranges(partitions, null, null)
                .forEach((partition, range) -> read(partition, range, record -> {
                    String topic = text(record, DeadLetterHeaders.TOPIC);
                    String number = text(record, DeadLetterHeaders.PARTITION);
                    String offset = text(record, DeadLetterHeaders.OFFSET);
                    if (number.matches("[0-9]{1,9}") && offset.matches("[0-9]{1,18}")) {
                        origins.computeIfAbsent(
                                        new TopicPartition(topic, Integer.parseInt(number)), origin -> new HashSet<>())
                                .add(Long.valueOf(offset));
                    }
                }));
        return origins;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** The offsets {@code [from, to)}. */
    record Range(long from, long to) {}
}
