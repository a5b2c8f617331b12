package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * What decodes, validates, handles and writes, and the one queue by which outcomes come back. The owner thread submits
 * and takes; any thread reports.
 */
final class Workers {

    private static final ThreadLocal<@Nullable Workers> AT_WORK_FOR = new ThreadLocal<>();

    /** Jobs of quick handlers that may wait for each thread: several of them take no longer than waking the owner. */
    private static final int QUICK_AHEAD = 4;

    /** How many jobs may be submitted and not ended. */
    private final int size;

    private final int sizeWhenQuick;

    private final Executor executor;
    private final Outcomes outcomes;
    /** Jobs that wait for a thread of its own. */
    private final Queue<Runnable> waiting;

    private final Runnable interrupt;
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private volatile boolean closing;
    private volatile boolean full;
    private int running;

    private Workers(
            int size,
            int sizeWhenQuick,
            Executor executor,
            Outcomes outcomes,
            Queue<Runnable> waiting,
            Runnable interrupt) {
        this.size = size;
        this.sizeWhenQuick = sizeWhenQuick;
        this.executor = executor;
        this.outcomes = outcomes;
        this.waiting = waiting;
        this.interrupt = interrupt;
    }

    /**
     * Threads of its own, which are interrupted when it closes.
     *
     * @param ahead how many jobs more may wait for one, so that a thread that is through need not wait for the owner
     */
    static Workers threads(String group, int size, int ahead) {
        AtomicInteger number = new AtomicInteger();
        BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
        ExecutorService threads = new ThreadPoolExecutor(size, size, 0, TimeUnit.NANOSECONDS, waiting, task -> {
            Thread thread = new Thread(task, "cdp-worker-" + group + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        return new Workers(
                size + ahead,
                size + Math.max(ahead, QUICK_AHEAD * size),
                threads,
                new Outcomes(),
                waiting,
                threads::shutdownNow);
    }

    /** At most so many jobs at once on an executor that belongs to somebody else. */
    static Workers on(Executor executor, int size, Outcomes outcomes) {
        return new Workers(size, size, executor, outcomes, new ArrayDeque<>(), () -> {});
    }

    /** How many jobs are submitted and not ended. */
    int running() {
        return running;
    }

    /** How many jobs may be submitted now. */
    int free() {
        return size - running;
    }

    /** How many jobs may be submitted now whose handlers have been quick lately. */
    int freeWhenQuick() {
        return sizeWhenQuick - running;
    }

    /** Runs a job that ends by reporting exactly one outcome that {@link #ended} is called for. */
    void submit(Tenure tenure, Runnable job) {
        running++;
        full = running >= size;
        tenure.started();
        executor.execute(new Job(tenure, job));
    }

    /**
     * Ends the jobs of a tenure that wait for a thread: it may start nothing more, so each just reports that, here and
     * now, instead of behind what others have in work.
     */
    void withdraw(Tenure tenure) {
        for (Runnable queued : List.copyOf(waiting)) {
            if (queued instanceof Job job && job.tenure == tenure && waiting.remove(job)) {
                job.run();
            }
        }
    }

    /** Notes that a job has reported its last outcome. */
    void ended(Tenure tenure) {
        running--;
        full = running >= size;
        tenure.ended();
    }

    /** Whether more may wait for a worker than this one's work; any thread. */
    boolean inDemand() {
        return full || !waiting.isEmpty();
    }

    /** Reports an outcome; any thread. */
    void report(Outcome outcome) {
        outcomes.add(outcome);
    }

    /** Whether the consumer ends, so that nothing new is to be begun; any thread. */
    boolean closing() {
        return closing;
    }

    /** The outcomes so far; waits at most that long for one that {@linkplain Outcome#wakes wakes}. */
    List<Outcome> take(Duration wait) throws InterruptedException {
        if (!wait.isZero()) {
            outcomes.await(wait.toNanos());
        }
        return outcomes.take();
    }

    /** What killed a job without an outcome: the consumer cannot go on. */
    @Nullable
    Throwable fatal() {
        return fatal.get();
    }

    /** Whether the caller is in one of the jobs, which must not wait for their own end. */
    boolean isCaller() {
        return AT_WORK_FOR.get() == this;
    }

    /** Begins nothing new; threads of its own are interrupted. */
    void close() {
        closing = true;
        interrupt.run();
    }

    private final class Job implements Runnable {

        private final Tenure tenure;
        private final Runnable work;

        private Job(Tenure tenure, Runnable work) {
            this.tenure = tenure;
            this.work = work;
        }

        @Override
        public void run() {
            AT_WORK_FOR.set(Workers.this);
            try {
                work.run();
            } catch (Throwable t) {
                fatal.compareAndSet(null, t);
            } finally {
                AT_WORK_FOR.remove();
            }
        }
    }
}
