package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The one way back to the owner thread. Any thread adds; the owner takes. It is woken by what ends a job and not by each
 * record of a run, because waking a thread costs more than a quick handler takes.
 */
class Outcomes {

    private final ConcurrentLinkedQueue<Outcome> queue = new ConcurrentLinkedQueue<>();
    /** Whether something came for which the owner is woken. */
    private volatile boolean rung;
    /** The owner while it waits. */
    private volatile @Nullable Thread waiting;

    /** Adds an outcome; any thread. */
    void add(Outcome outcome) {
        queue.add(outcome);
        if (outcome.wakes() && !rung) {
            rung = true;
            LockSupport.unpark(waiting);
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Waits for an outcome that {@linkplain Outcome#wakes wakes}, but not longer than that; it may return earlier. */
    void await(long nanos) throws InterruptedException {
        waiting = Thread.currentThread();
        if (!rung) {
            LockSupport.parkNanos(this, nanos);
        }
        waiting = null;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Takes what is there. */
    List<Outcome> take() {
        rung = false;
        List<Outcome> taken = new ArrayList<>();
        for (Outcome next = queue.poll(); next != null; next = queue.poll()) {
            taken.add(next);
        }
        return taken;
    }
}
