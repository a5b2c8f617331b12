package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * The threads that decode, validate, handle and write, and the one queue by which their outcomes come back. The owner
 * thread submits and takes; any thread reports.
 */
final class Workers {

    private final int size;
    private final ExecutorService threads;
    private final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private volatile boolean closing;
    private int running;

    Workers(String group, int size) {
        AtomicInteger number = new AtomicInteger();
        this.size = size;
        this.threads = Executors.newFixedThreadPool(
                size, task -> new WorkerThread(task, "cdp-worker-" + group + "-" + number.incrementAndGet(), this));
    }

    /** Whether a thread is free. */
    boolean free() {
        return running < size;
    }

    /** Runs a job that ends by reporting exactly one outcome that {@link #ended} is called for. */
    void submit(Tenure tenure, Runnable job) {
        running++;
        tenure.started();
        threads.execute(() -> {
            try {
                job.run();
            } catch (Throwable t) {
                fatal.compareAndSet(null, t);
            }
        });
    }

    /** Notes that a job has reported its last outcome. */
    void ended(Tenure tenure) {
        running--;
        tenure.ended();
    }

    /** Reports an outcome; any thread. */
    void report(Outcome outcome) {
        outcomes.add(outcome);
    }

    /** Whether the threads are being interrupted because the consumer ends; any thread. */
    boolean closing() {
        return closing;
    }

    /** The outcomes so far; waits at most that long for the first. */
    List<Outcome> take(Duration wait) throws InterruptedException {
        List<Outcome> taken = new ArrayList<>();
        if (outcomes.isEmpty() && !wait.isZero()) {
            Outcome first = outcomes.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (first == null) {
                return taken;
            }
            taken.add(first);
        }
        outcomes.drainTo(taken);
        return taken;
    }

    /** What killed a job without an outcome: the consumer cannot go on. */
    @Nullable
    Throwable fatal() {
        return fatal.get();
    }

    /** Whether the caller is one of these threads, which must not wait for their own end. */
    boolean isCaller() {
        return Thread.currentThread() instanceof WorkerThread worker && worker.of == this;
    }

    /** Interrupts what still runs. */
    void close() {
        closing = true;
        threads.shutdownNow();
    }

    private static final class WorkerThread extends Thread {

        private final Workers of;

        private WorkerThread(Runnable task, String name, Workers of) {
            super(task, name);
            this.of = of;
            setDaemon(true);
        }
    }
}
