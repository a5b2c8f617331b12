package dev.cdp.consumer;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How far one assigned partition is.
 *
 * @param topic its topic
 * @param partition its number
 * @param position the next offset to be read
 * @param committed the committed offset; empty while none is known
 * @param lag records between the committed offset and the end of the log; empty while the end is not known
 * @param buffered records read and not settled
 * @param oldest the offset of the first of them; empty where there are none
 * @param oldestFor for how long it has been the first
 * @param counts what became of the records that were read since the partition was assigned
 */
public record PartitionHealth(
        String topic,
        int partition,
        long position,
        OptionalLong committed,
        OptionalLong lag,
        int buffered,
        OptionalLong oldest,
        Duration oldestFor,
        RecordCounts counts) {}
