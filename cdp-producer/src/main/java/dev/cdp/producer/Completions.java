package dev.cdp.producer;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries settled events from Kafka's I/O thread to the executor on which futures complete, in order. The queue is
 * bounded by the {@link ByteBudget}, of which an event holds its part until it has completed. Thread-safe.
 */
final class Completions {

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);
    private static final int BATCH = 1_024;
    /** How long the next completion is waited for: batches settle one by one, and to wake a thread for each is dear. */
    private static final long LINGER = TimeUnit.MICROSECONDS.toNanos(50);

    private final Executor executor;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile @Nullable Thread drainer;

    Completions(Executor executor) {
        this.executor = executor;
    }

    void add(Runnable completion) {
        queue.add(completion);
        schedule();
    }

    /**
     * Returns when everything that was added before has run, or the time is over. On the thread that completes futures
     * it runs what is left instead of waiting for itself.
     */
    boolean await(long nanos) throws InterruptedException {
        if (Thread.currentThread() == drainer) {
            runAll();
            return true;
        }
        CountDownLatch barrier = new CountDownLatch(1);
        add(barrier::countDown);
        return barrier.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs everything that is left on the calling thread. */
    void runAll() {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            run(next);
        }
    }

    /** Looks before it sets: a failed set still takes the flag's cache line from the thread that completes. */
    private void schedule() {
        if (!draining.get() && !queue.isEmpty() && draining.compareAndSet(false, true)) {
            try {
                Thread adder = Thread.currentThread();
                executor.execute(() -> drain(adder));
            } catch (RejectedExecutionException e) {
                LOG.warn("the executor that was given to CdpProducer takes no more; a thread is started instead");
                Thread thread = new Thread(() -> drain(null), "cdp-producer-completions-rescue");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /** The thread that adds is not made to wait for itself, where the executor is one that runs on it. */
    private void drain(@Nullable Thread adder) {
        drainer = Thread.currentThread();
        boolean mayLinger = drainer != adder;
        try {
            for (int i = 0; i < BATCH; i++) {
                Runnable next = mayLinger ? pollPatiently() : queue.poll();
                if (next == null) {
                    break;
                }
                run(next);
            }
        } finally {
            drainer = null;
            draining.set(false);
            schedule();
        }
    }

    private @Nullable Runnable pollPatiently() {
        Runnable next = queue.poll();
        if (next == null) {
            LockSupport.parkNanos(LINGER);
            next = queue.poll();
        }
        return next;
    }

    private static void run(Runnable completion) {
        try {
            completion.run();
        } catch (RuntimeException | Error e) {
            LOG.error("completing an event failed", e);
        }
    }
}
