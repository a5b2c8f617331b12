package dev.cdp.producer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that events may hold between publish and the end of their future, in bytes. Kafka bounds its batches
 * after compression; a million small events would still fill the heap with what stands around them. Thread-safe.
 */
final class ByteBudget {

    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(5);

    /** Of the total; waking a thread for the room of one event each time costs more than publishing the event. */
    private static final int WORTH_WAKING = 16;

    private final long total;
    private final AtomicLong free;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();

    ByteBudget(long total) {
        this.total = total;
        this.free = new AtomicLong(total);
    }

    long total() {
        return total;
    }

    /** Whether it got them before its patience ended. */
    boolean reserve(long bytes, Patience patience) throws InterruptedException {
        while (!tryReserve(bytes)) {
            if (patience.ended()) {
                return false;
            }
            waiting.incrementAndGet();
            try {
                if (tryReserve(bytes)) {
                    return true;
                }
                awaitRelease(patience.leftNanos());
            } finally {
                waiting.decrementAndGet();
            }
        }
        return true;
    }

    void release(long bytes) {
        long left = free.addAndGet(bytes);
        if (waiting.get() > 0 && left >= total / WORTH_WAKING) {
            lock.lock();
            try {
                released.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Returns when a release has made some room, or soon: one between the last look and this wait is not signalled. */
    void awaitRelease(long atMostNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = Math.min(atMostNanos, LOOK_AGAIN);
            while (nanos > 0) {
                nanos = Math.min(0, released.awaitNanos(nanos));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean tryReserve(long bytes) {
        long before = free.get();
        while (before >= bytes) {
            long found = free.compareAndExchange(before, before - bytes);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }
}
