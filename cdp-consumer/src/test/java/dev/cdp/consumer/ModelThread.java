package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The thread of a {@link ModelMember}'s transactions: it does something when the world says so, or when one waits for it. */
final class ModelThread extends AbstractExecutorService {

    private final ModelMember member;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean shutdown;

    ModelThread(ModelMember member) {
        this.member = member;
    }

    void step() {
        Runnable next = tasks.poll();
        if (next != null) {
            next.run();
        }
    }

    void steps() {
        while (!tasks.isEmpty()) {
            step();
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return newTaskFor(Executors.callable(task, value));
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return new FutureTask<>(task) {
            @Override
            public T get(long timeout, TimeUnit unit)
                    throws ExecutionException, InterruptedException, TimeoutException {
                while (!isDone()) {
                    if (member.world.random.nextInt(8) == 0) {
                        member.world.nanos += unit.toNanos(timeout);
                        member.client.hinder();
                        throw new TimeoutException();
                    }
                    step();
                }
                return get();
            }

            @Override
            protected void setException(Throwable thrown) {
                if (thrown instanceof ModelMember.Crash crash) {
                    throw crash;
                }
                super.setException(thrown);
            }
        };
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        steps();
        return true;
    }
}
