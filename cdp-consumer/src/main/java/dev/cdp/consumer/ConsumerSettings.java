package dev.cdp.consumer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

import dev.cdp.consumer.dlq.DeadLetterProfile;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.registry.SchemaRegistry;
import dev.cdp.core.sink.EventSink;
import org.jspecify.annotations.Nullable;

/** Everything that a {@link ResilientConsumer} was built with, checked. Immutable. */
record ConsumerSettings(
        Catalog catalog,
        KafkaSettings kafka,
        List<String> topics,
        Handlers handlers,
        @Nullable EventSink sink,
        boolean validated,
        @Nullable SchemaRegistry registry,
        Ordering ordering,
        ErrorTable errors,
        RetryPolicy retry,
        @Nullable RetryTopics retryTopics,
        BatchLimits batches,
        int replay,
        ForeignOffsets foreignOffsets,
        int workers,
        @Nullable Executor executor,
        Committer.Pace commits,
        int bufferedRecords,
        long bufferedBytes,
        Duration stallAfter,
        @Nullable DeadLetterLimit deadLetterLimit,
        @Nullable Transactions transactions,
        DeadLetterTopics deadLetterTopics,
        int deadLetterBytes,
        Set<DeadLetterProfile> deadLetterProfiles,
        @Nullable DeadLetters deadLetters,
        FirstAnswer firstAnswer,
        InstantSource clock) {

    /**
     * That commits are transactions.
     *
     * @param id the transactional id
     * @param outputs the classes of events that handlers emit
     */
    record Transactions(String id, Set<Class<?>> outputs) {}

    /**
     * How the first answer of a broker is waited for.
     *
     * @param timeout how long one attempt takes
     * @param forever whether attempts are repeated until one comes
     */
    record FirstAnswer(Duration timeout, boolean forever) {}

    /** The same with another catalog. */
    ConsumerSettings with(Catalog other) {
        return new ConsumerSettings(
                other,
                kafka,
                topics,
                handlers,
                sink,
                validated,
                registry,
                ordering,
                errors,
                retry,
                retryTopics,
                batches,
                replay,
                foreignOffsets,
                workers,
                executor,
                commits,
                bufferedRecords,
                bufferedBytes,
                stallAfter,
                deadLetterLimit,
                transactions,
                deadLetterTopics,
                deadLetterBytes,
                deadLetterProfiles,
                deadLetters,
                firstAnswer,
                clock);
    }

    String group() {
        return kafka.group();
    }
}
