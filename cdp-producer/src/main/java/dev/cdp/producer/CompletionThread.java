package dev.cdp.producer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The thread on which futures complete unless the caller gave an executor: one daemon, started when it is needed. */
final class CompletionThread implements Executor {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "cdp-producer-completions-" + NUMBERS.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    CompletionThread() {
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    void stop() {
        executor.shutdown();
    }
}
