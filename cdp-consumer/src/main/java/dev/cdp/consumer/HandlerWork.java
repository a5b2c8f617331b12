package dev.cdp.consumer;

import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * What every {@link HandlerLine} of a consumer needs.
 *
 * @param transactional whether outputs and dead letters go into the transaction that commits
 * @param retryTopics where records wait for their next attempt; null where they wait in their lane
 */
record HandlerWork(
        String groupHash,
        Ordering ordering,
        Attempt.Handling handling,
        RetryPolicy retry,
        int maxRecords,
        boolean transactional,
        @Nullable RetryTopics retryTopics,
        DeadLetterOffice office,
        Workers workers,
        Circuits circuits,
        LetterGauge gauge,
        Listeners listeners,
        RandomGenerator random) {}
