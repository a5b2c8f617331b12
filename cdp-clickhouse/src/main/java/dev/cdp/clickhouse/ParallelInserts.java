package dev.cdp.clickhouse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Runs the inserts of one batch at once: one by the caller, the others by threads of a sink, as far as those are free. Any
 * thread may call it.
 *
 * <p>Each table has a block and a token of its own, so their order is free. A batch ends when all of its inserts have, so
 * that it never comes again while a part of it is still under way.
 */
final class ParallelInserts implements AutoCloseable {

    /** For one batch of many tables, or a few batches of two; each of them is one request. */
    private static final int THREADS = 4;

    private final ExecutorService threads;

    ParallelInserts() {
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "cdp-insert-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The results in the order of the tasks, when all have ended.
     *
     * @throws RuntimeException what the first of them has thrown that threw anything
     */
    <T> List<T> run(List<Callable<T>> tasks) throws InterruptedException {
        List<FutureTask<T>> running = new ArrayList<>();
        tasks.forEach(task -> running.add(new FutureTask<>(task)));
        running.stream().skip(1).forEach(threads::execute);
        try {
            // A task that no thread has begun is the caller's: however many batches there are, each goes on by itself.
            running.forEach(FutureTask::run);
            return results(running);
        } catch (InterruptedException e) {
            running.forEach(task -> task.cancel(true));
            throw e;
        }
    }

    private static <T> List<T> results(List<FutureTask<T>> tasks) throws InterruptedException {
        List<T> results = new ArrayList<>();
        Throwable first = null;
        for (FutureTask<T> task : tasks) {
            try {
                results.add(task.get());
            } catch (ExecutionException e) {
                first = also(first, e.getCause());
            } catch (CancellationException e) {
                first = also(first, e);
            }
        }
        if (first instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            throw first instanceof RuntimeException e ? e : new IllegalStateException(first);
        }
        return results;
    }

    private static @Nullable Throwable also(@Nullable Throwable first, @Nullable Throwable thrown) {
        if (first == null || thrown == null) {
            return first == null ? thrown : first;
        }
        first.addSuppressed(thrown);
        return first;
    }

    /** Lets what is under way end by itself, and begins nothing new on other threads. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
