package dev.cdp.producer;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * The events that Kafka's client has taken before it has ever answered for one. Until it has a producer id it expires
 * nothing, so they are expired here; from its first answer on it does so by itself (decision 0014). Thread-safe.
 */
final class FirstAnswer {

    private static final Duration SLACK = Duration.ofSeconds(1);

    private final long timeoutNanos;
    private final Queue<Taken> events = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile boolean came;

    /** Expires events that have waited for longer than Kafka would. */
    FirstAnswer(Duration deliveryTimeout) {
        this.timeoutNanos = deliveryTimeout.plus(SLACK).toNanos();
    }

    /** Kafka has taken an event. */
    void awaitedBy(Pending event) {
        if (!came) {
            events.add(new Taken(event, System.nanoTime()));
            watch();
        }
        if (came) {
            events.clear();
        }
    }

    /** Kafka has answered: it has an id, or is closed. */
    void came() {
        if (!came) {
            came = true;
            events.clear();
        }
    }

    boolean hasCome() {
        return came;
    }

    /** Whether no event that was taken before that moment still waits for it. */
    boolean nothingWaitsSince(long nanos) {
        Taken first = events.peek();
        return !came && (first == null || first.at - nanos > 0);
    }

    private void watch() {
        Taken first = events.peek();
        if (first != null && watching.compareAndSet(false, true)) {
            long wait = Math.max(1, timeoutNanos - (System.nanoTime() - first.at));
            Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS);
            later.execute(this::expire);
        }
    }

    private void expire() {
        for (Taken first = due(); first != null; first = due()) {
            first.event.expire();
            events.poll();
        }
        watching.set(false);
        watch();
    }

    private @Nullable Taken due() {
        Taken first = events.peek();
        return first != null && System.nanoTime() - first.at >= timeoutNanos ? first : null;
    }

    private record Taken(Pending event, long at) {}
}
