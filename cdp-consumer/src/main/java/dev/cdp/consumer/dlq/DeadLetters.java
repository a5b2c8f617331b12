package dev.cdp.consumer.dlq;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Where dead letters go. The offset of a letter's record is committed only after its letter is acknowledged. An
 * implementation of one's own is held to this by {@code DeadLettersContract} in this module's test jar.
 */
public interface DeadLetters {

    /**
     * Takes a letter and returns at once. The stage completes when the letter is stored so that it will not be lost; it
     * stays open while that is not possible, and never completes with an exception while this is open: a refusal is an
     * outage, not an answer.
     */
    CompletionStage<Void> send(DeadLetter letter);

    /** Stops, waiting at most that long for letters on their way. What is not acknowledged by then never will be. */
    void close(Duration timeout);
}
