package dev.cdp.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.CdpException;

/**
 * The life of a producer as its events see it: whether it takes more, how much memory they hold, where they complete
 * and how they are counted. Thread-safe.
 */
final class PublishSession {

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final AtomicInteger publishing = new AtomicInteger();
    private final Tally tally = new Tally();
    private final ByteBudget budget;
    private final Completions completions;
    private final Listeners listeners;
    private final FirstAnswer firstAnswer;

    PublishSession(long bufferMemory, Duration deliveryTimeout, Executor executor, Listeners listeners) {
        this.firstAnswer = new FirstAnswer(deliveryTimeout);
        this.listeners = listeners;
        this.budget = new ByteBudget(bufferMemory);
        this.completions = new Completions(executor);
    }

    /** Takes an event; {@link #left()} has to follow on the same thread. */
    Pending enter(String event, String topic) {
        publishing.incrementAndGet();
        if (state.get() != State.OPEN) {
            publishing.decrementAndGet();
            throw new ProducerClosedException();
        }
        listeners.offered(event);
        return new Pending(event, topic, this);
    }

    void left() {
        publishing.decrementAndGet();
    }

    void requireOpen() {
        if (state.get() != State.OPEN) {
            throw new ProducerClosedException();
        }
    }

    /** Whether the time to close has run out, so that what is still on its way is left behind. */
    boolean abandoning() {
        return state.get() == State.ABANDONING;
    }

    ByteBudget budget() {
        return budget;
    }

    Listeners listeners() {
        return listeners;
    }

    FirstAnswer firstAnswer() {
        return firstAnswer;
    }

    Completions completions() {
        return completions;
    }

    /** The future of an event that was refused before it could enter the path. */
    CompletableFuture<Published> refused(String event, Outcome outcome, CdpException why) {
        requireOpen();
        listeners.offered(event);
        tally.count(outcome);
        listeners.ended(event, null, why, System.nanoTime());
        return CompletableFuture.failedFuture(why);
    }

    void count(Outcome outcome) {
        tally.count(outcome);
    }

    void complete(Pending settled) {
        completions.add(settled);
    }

    void release(long bytes) {
        if (bytes > 0) {
            budget.release(bytes);
        }
    }

    CloseReport report() {
        return tally.report();
    }

    /** From here on nothing more is taken; those who are inside publish may finish. False if it was so already. */
    boolean beginClosing() {
        return state.compareAndSet(State.OPEN, State.CLOSING);
    }

    /** From here on those who still wait for room give up, and what fails is counted as abandoned. */
    void abandon() {
        state.set(State.ABANDONING);
    }

    /** Waits until no thread is inside publish, at most so long. */
    void awaitPublishers(Patience patience) {
        while (publishing.get() > 0
                && !patience.ended()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Math.min(patience.leftNanos(), TimeUnit.MILLISECONDS.toNanos(1)));
        }
    }

    private enum State {
        OPEN,
        CLOSING,
        ABANDONING
    }
}
