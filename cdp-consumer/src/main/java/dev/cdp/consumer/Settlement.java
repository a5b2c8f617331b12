package dev.cdp.consumer;

import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

import dev.cdp.consumer.dlq.DeadLetter;
import dev.cdp.consumer.dlq.DeadLetterRecords;
import dev.cdp.consumer.dlq.Failure;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that is done and whose offset may be committed only by a transaction that holds what belongs to it: its
 * outputs, its dead letter, or itself for a retry topic. Made by the owner thread, and read by the transactions' thread while that has it.
 */
final class Settlement {

    /** Names, lengths and headers of a record, roughly. */
    private static final long OVERHEAD = 512;

    private final HandlerLine line;
    private final Entry entry;
    private final Outcome.@Nullable Done done;
    private final @Nullable DeadLetter letter;
    private final @Nullable Retry retry;
    private boolean pointer;

    private Settlement(
            HandlerLine line,
            Entry entry,
            Outcome.@Nullable Done done,
            @Nullable DeadLetter letter,
            @Nullable Retry retry) {
        this.line = line;
        this.entry = entry;
        this.done = done;
        this.letter = letter;
        this.retry = retry;
    }

    static Settlement outputs(HandlerLine line, Outcome.Done done) {
        return new Settlement(line, done.entry(), done, null, null);
    }

    static Settlement letter(HandlerLine line, Entry entry, DeadLetter letter) {
        return new Settlement(line, entry, null, letter, null);
    }

    static Settlement retry(
            HandlerLine line, Outcome.Failed failed, String topic, IntFunction<ProducerRecord<byte[], byte[]>> record) {
        return new Settlement(line, failed.entry(), null, null, new Retry(failed, topic, record));
    }

    /** A record for a retry topic of so many partitions. */
    private record Retry(Outcome.Failed failed, String topic, IntFunction<ProducerRecord<byte[], byte[]>> record) {}

    HandlerLine line() {
        return line;
    }

    Entry entry() {
        return entry;
    }

    /** What its handler has done; null for a dead letter. */
    Outcome.@Nullable Done done() {
        return done;
    }

    /** Why it is tried again; null where it is not. */
    Outcome.@Nullable Failed failed() {
        return retry == null ? null : retry.failed;
    }

    /** Why it is a dead letter; null where it is none. */
    @Nullable
    Failure failure() {
        return letter == null ? null : letter.failure();
    }

    /** Makes its letter smaller, because the topic does not take it whole; false where that cannot be. */
    boolean shrink() {
        boolean shrinks = letter != null && !pointer;
        pointer |= shrinks;
        return shrinks;
    }

    Set<String> topics() {
        if (retry != null) {
            return Set.of(retry.topic);
        }
        return done == null
                ? Set.of(letterOrThrow().topic())
                : done.outputs().stream().map(ProducerRecord::topic).collect(Collectors.toSet());
    }

    /** What a transaction has to hold. */
    List<ProducerRecord<byte[], byte[]>> records(DeadLetterRecords letters, Partitions partitions) {
        if (done != null) {
            return done.outputs();
        }
        if (retry != null) {
            return List.of(retry.record.apply(partitions.of(retry.topic)));
        }
        DeadLetter dead = letterOrThrow();
        int count = partitions.of(dead.topic());
        return List.of(pointer ? letters.pointer(dead, count) : letters.record(dead, count));
    }

    private DeadLetter letterOrThrow() {
        if (letter == null) {
            throw new IllegalStateException("offset " + entry.offset() + " has outputs and no dead letter");
        }
        return letter;
    }

    /** Bytes that it holds, roughly. */
    long size() {
        return done == null
                ? entry.size()
                : done.outputs().stream()
                        .mapToLong(output -> OVERHEAD + (output.value() == null ? 0 : output.value().length))
                        .sum();
    }

    /** How many partitions a topic has. */
    interface Partitions {
        int of(String topic);
    }
}
