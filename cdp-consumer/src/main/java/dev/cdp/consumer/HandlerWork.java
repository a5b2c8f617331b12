package dev.cdp.consumer;

import java.util.random.RandomGenerator;

/** What every {@link HandlerLine} of a consumer needs. */
record HandlerWork(
        String groupHash,
        Ordering ordering,
        Attempt.Handling handling,
        RetryPolicy retry,
        int maxRecords,
        DeadLetterOffice office,
        Workers workers,
        Circuits circuits,
        LetterGauge gauge,
        Listeners listeners,
        RandomGenerator random) {}
