package dev.cdp.clickhouse;

import java.util.concurrent.Semaphore;

/** How many bytes of payloads may be in writes at once; who comes when it is used up waits, in order. Any thread. */
final class ByteBudget {

    private static final int UNIT = 1 << 10;

    private final int units;
    private final Semaphore free;

    ByteBudget(long bytes) {
        this.units = units(bytes);
        this.free = new Semaphore(units, true);
    }

    /** Waits until there is room; what is larger than all of it has it alone. */
    Share take(long bytes) throws InterruptedException {
        int taken = Math.min(units(bytes), units);
        free.acquire(taken);
        return () -> free.release(taken);
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / UNIT + 1);
    }

    /** What was taken, until it is given back. */
    @FunctionalInterface
    interface Share extends AutoCloseable {
        @Override
        void close();
    }
}
