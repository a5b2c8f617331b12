package dev.cdp.cli.audit;

import java.util.List;

import org.apache.kafka.common.TopicPartition;

/**
 * What became of the records of one partition.
 *
 * @param read the records that stand on it
 * @param rows those with a row
 * @param deadLetters those with a dead letter
 * @param without those that need neither: tombstones, probes, events without a table
 * @param expired those that have neither and are older than their table keeps
 * @param missing offsets that have neither
 * @param doubled offsets that have two rows, or a row and a dead letter
 */
record PartitionAudit(
        TopicPartition partition,
        AuditedTopics.Range range,
        long read,
        long rows,
        long deadLetters,
        long without,
        long expired,
        List<Long> missing,
        List<Long> doubled) {

    boolean holds() {
        return missing.isEmpty() && doubled.isEmpty();
    }
}
