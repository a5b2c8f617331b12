package dev.cdp.consumer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cdp.consumer.dlq.DeadLetterProfile;
import dev.cdp.consumer.dlq.DeadLetters;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.sink.EventSink;
import org.jspecify.annotations.Nullable;

/** Everything that a {@link ResilientConsumer} was built with, checked. Immutable. */
record ConsumerSettings(
        Catalog catalog,
        KafkaSettings kafka,
        List<String> topics,
        Map<String, HandlerBinding<?>> handlers,
        @Nullable EventSink sink,
        RetryPolicy retry,
        BatchLimits batches,
        int replay,
        ForeignOffsets foreignOffsets,
        int workers,
        Duration commitInterval,
        int bufferedRecords,
        long bufferedBytes,
        DeadLetterTopics deadLetterTopics,
        int deadLetterBytes,
        Set<DeadLetterProfile> deadLetterProfiles,
        @Nullable DeadLetters deadLetters,
        InstantSource clock) {

    String group() {
        return kafka.group();
    }
}
