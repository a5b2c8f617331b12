package dev.cdp.consumer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * How a consumer is, at one moment. Immutable.
 *
 * @param state where it is in its life
 * @param partitions its assigned partitions, by topic and number
 * @param outages what it waits for
 * @param probes records of type {@link dev.cdp.core.event.CloudEvents#PROBE_TYPE} that have come since the start
 * @param lastCommitOrNull when a commit was last acknowledged
 * @param causeOrNull why it stopped
 */
public record ConsumerHealth(
        ConsumerState state,
        List<PartitionHealth> partitions,
        List<Outage> outages,
        long probes,
        @Nullable Instant lastCommitOrNull,
        @Nullable Throwable causeOrNull) {

    /** Copies the lists. */
    public ConsumerHealth {
        partitions = List.copyOf(partitions);
        outages = List.copyOf(outages);
    }

    /** When a commit was last acknowledged. */
    public Optional<Instant> lastCommit() {
        return Optional.ofNullable(lastCommitOrNull);
    }

    /** Why it stopped; empty unless it is {@link ConsumerState#STOPPED}. */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(causeOrNull);
    }
}
