package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.consumer.dlq.StoredLetter;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One way through the letters of a topic that are not done, from the first to the last one that was there at the start.
 * One thread.
 */
final class LetterScan {

    private static final Duration POLL = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Marks> marks = new HashMap<>();
    private final Map<TopicPartition, Long> ends;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final long total;

    /** A scan by a consumer that has these partitions assigned. */
    LetterScan(Consumer<byte[], byte[]> consumer, Cluster.Topic topic, Set<TopicPartition> partitions) {
        this.consumer = consumer;
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        this.ends = new HashMap<>(consumer.endOffsets(partitions));
        long letters = 0;
        for (TopicPartition partition : partitions) {
            Marks stored = Marks.of(topic.id(), beginnings.getOrDefault(partition, 0L), committed.get(partition));
            marks.put(partition, stored);
            next.put(partition, stored.frontier());
            consumer.seek(partition, stored.frontier());
            letters += Math.max(0, end(partition) - stored.frontier());
        }
        total = letters;
    }

    /** Offsets before the end that were not known to be done. */
    long total() {
        return total;
    }

    Map<TopicPartition, Marks> marks() {
        return marks;
    }

    boolean finished() {
        return next.entrySet().stream().allMatch(one -> one.getValue() >= end(one.getKey()));
    }

    /** The next letters that are not done, in the order of their partitions. */
    List<StoredLetter> next() {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        List<StoredLetter> letters = new ArrayList<>();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> position :
                polled.nextOffsets().entrySet()) {
            TopicPartition partition = position.getKey();
            polled.records(partition).forEach(record -> take(partition, record, letters));
            advance(partition, position.getValue().offset());
        }
        return letters;
    }

    private void take(TopicPartition partition, ConsumerRecord<byte[], byte[]> record, List<StoredLetter> letters) {
        if (record.offset() >= end(partition)) {
            return;
        }
        advance(partition, record.offset());
        next.put(partition, record.offset() + 1);
        if (!marks(partition).done(record.offset())) {
            letters.add(new StoredLetter(record));
        }
    }

    private void advance(TopicPartition partition, long position) {
        long to = Math.min(position, end(partition));
        long from = next.getOrDefault(partition, to);
        marks(partition).gap(from, to);
        next.put(partition, Math.max(from, to));
    }

    /** Notes that a letter is done. */
    void done(StoredLetter letter) {
        ConsumerRecord<byte[], byte[]> record = letter.record();
        marks(new TopicPartition(record.topic(), record.partition())).mark(record.offset());
    }

    private Marks marks(TopicPartition partition) {
        Marks found = marks.get(partition);
        if (found == null) {
            throw new IllegalStateException(partition + " is not scanned");
        }
        return found;
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }
}
