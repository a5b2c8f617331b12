package dev.cdp.cli.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;

import dev.cdp.clickhouse.StoredOffsets;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.wire.IncomingRecord;
import dev.cdp.core.wire.Reading;
import dev.cdp.core.wire.RecordReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Compares what stands on a partition with rows and dead letters: each record is exactly one of both, or needs neither. */
final class Audit {

    /** How many offsets are compared at once, which bounds what is held. */
    private static final long STRIDE = 200_000;

    private final AuditedTopics topics;
    private final StoredOffsets stored;
    private final RecordReader reader;
    private final Instant now;

    Audit(Catalog catalog, AuditedTopics topics, StoredOffsets stored, Instant now) {
        this.topics = topics;
        this.stored = stored;
        this.reader = new RecordReader(catalog);
        this.now = now;
    }

    /** {@code letters}: the offsets of this partition that have a dead letter. */
    PartitionAudit partition(TopicPartition partition, UUID topicId, AuditedTopics.Range range, Set<Long> letters)
            throws InterruptedException {
        Count count = new Count();
        for (long from = range.from(); from < range.to(); from += STRIDE) {
            long to = Math.min(range.to(), from + STRIDE);
            NavigableMap<Long, Long> rows = stored.read(topicId, partition.partition(), from, to);
            topics.read(partition, new AuditedTopics.Range(from, to), record -> {
                count.read++;
                long found = rows.getOrDefault(record.offset(), 0L);
                boolean letter = letters.contains(record.offset());
                count.rows += Math.min(found, 1);
                count.letters += letter ? 1 : 0;
                if (found + (letter ? 1 : 0) > 1) {
                    count.doubled.add(record.offset());
                } else if (found == 0 && !letter) {
                    switch (needs(record, topicId)) {
                        case NOTHING -> count.without++;
                        case EXPIRED -> count.expired++;
                        default -> count.missing.add(record.offset());
                    }
                }
            });
        }
        return new PartitionAudit(
                partition,
                range,
                count.read,
                count.rows,
                count.letters,
                count.without,
                count.expired,
                List.copyOf(count.missing),
                List.copyOf(count.doubled));
    }

    private Needs needs(ConsumerRecord<byte[], byte[]> record, UUID topicId) {
        Reading reading = reader.read(incoming(record, topicId));
        if (reading instanceof Reading.Known known) {
            var table = known.definition().table();
            boolean expired = table.flatMap(t -> t.ttl())
                    .map(ttl -> known.attributes().time().plus(ttl).isBefore(now))
                    .orElse(false);
            return table.isEmpty() ? Needs.NOTHING : expired ? Needs.EXPIRED : Needs.A_ROW_OR_A_LETTER;
        }
        return reading instanceof Reading.Unknown ? Needs.A_ROW_OR_A_LETTER : Needs.NOTHING;
    }

    private static IncomingRecord incoming(ConsumerRecord<byte[], byte[]> record, UUID topicId) {
        var headers = EventHeaders.builder();
        record.headers().forEach(header -> headers.add(header.key(), header.value()));
        return new IncomingRecord(
                record.topic(),
                topicId,
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                headers.build(),
                record.value());
    }

    /** What a record that has neither a row nor a letter should have had. */
    private enum Needs {
        NOTHING,
        EXPIRED,
        A_ROW_OR_A_LETTER
    }

    private static final class Count {
        private long read;
        private long rows;
        private long letters;
        private long without;
        private long expired;
        private final List<Long> missing = new ArrayList<>();
        private final List<Long> doubled = new ArrayList<>();
    }
}
