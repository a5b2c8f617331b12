package dev.cdp.consumer;

import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetterRecords;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record that is done and whose offset may be committed only by a transaction that holds what belongs to it. Made by
 * the owner thread, and read by the transactions' thread while that has it.
 */
sealed interface Settlement {

    /** The line that the record came by. */
    HandlerLine line();

    /** The record. */
    Entry entry();

    /** Where what belongs to it goes. */
    Set<String> topics();

    /** What a transaction has to hold. */
    List<ProducerRecord<byte[], byte[]>> records(DeadLetterRecords letters, Partitions partitions);

    /** Bytes that it holds, roughly. */
    long size();

    /** What its handler has emitted. */
    record Outputs(HandlerLine line, Outcome.Done done) implements Settlement {

        /** Names, lengths and headers of a record, roughly. */
        private static final long OVERHEAD = 512;

        @Override
        public Entry entry() {
            return done.entry();
        }

        @Override
        public Set<String> topics() {
            return done.outputs().stream().map(ProducerRecord::topic).collect(Collectors.toSet());
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> records(DeadLetterRecords letters, Partitions partitions) {
            return done.outputs();
        }

        @Override
        public long size() {
            return done.outputs().stream()
                    .mapToLong(output -> OVERHEAD + (output.value() == null ? 0 : output.value().length))
                    .sum();
        }
    }

    /**
     * Its dead letter.
     *
     * @param pointer whether it only says where the original stands, because the topic does not take it whole
     */
    record Letter(HandlerLine line, Entry entry, DeadLetter letter, boolean pointer) implements Settlement {

        /** The same without the original's bytes. */
        Letter asPointer() {
            return new Letter(line, entry, letter, true);
        }

        @Override
        public Set<String> topics() {
            return Set.of(letter.topic());
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> records(DeadLetterRecords letters, Partitions partitions) {
            int count = partitions.of(letter.topic());
            return List.of(pointer ? letters.pointer(letter, count) : letters.record(letter, count));
        }

        @Override
        public long size() {
            return entry.size();
        }
    }

    /**
     * Itself, for a retry topic.
     *
     * @param failed why it is tried again
     * @param record makes the one that waits, for a topic of so many partitions
     */
    record Waiting(
            HandlerLine line, Outcome.Failed failed, String topic, IntFunction<ProducerRecord<byte[], byte[]>> record)
            implements Settlement {

        @Override
        public Entry entry() {
            return failed.entry();
        }

        @Override
        public Set<String> topics() {
            return Set.of(topic);
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> records(DeadLetterRecords letters, Partitions partitions) {
            return List.of(record.apply(partitions.of(topic)));
        }

        @Override
        public long size() {
            return failed.entry().size();
        }
    }

    /** How many partitions a topic has. */
    interface Partitions {
        int of(String topic);
    }
}
