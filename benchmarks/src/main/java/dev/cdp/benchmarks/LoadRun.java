package dev.cdp.benchmarks;

import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

import com.sun.management.ThreadMXBean;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.core.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/**
 * One peer's turn, in a JVM of its own: the topic is loaded until the compiler has little left to do, and then some times
 * more to be measured, each time from the first tenth of the rows to the last, so that neither joining a group nor waiting
 * for a last batch counts. Prints for {@link LoadBenchmark} a line where a measurement begins and one of numbers where it
 * ends.
 */
public final class LoadRun {

    private static final PrintStream OUT = System.out;
    private static final int MAX_WARM_UPS = 3;
    private static final int MEASURED = 3;

    private LoadRun() {}

    /** Arguments: the peer, how many events the topic holds, Kafka's address, ClickHouse's address, user and password. */
    public static void main(String[] args) throws Exception {
        LoadPeer peer = LoadPeer.valueOf(args[0]);
        long events = Long.parseLong(args[1]);
        LoadTarget target = new LoadTarget(URI.create(args[3]), args[4], args[5]);
        if (peer == LoadPeer.KAFKA_ENGINE) {
            pass(peer, args[2], target, events, new Span(events));
            System.exit(0);
        }
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        double busy = 1;
        for (int i = 0; i < MAX_WARM_UPS && busy > 0.05; i++) {
            long start = System.nanoTime();
            long compiled = compiler.getTotalCompilationTime();
            pass(peer, args[2], target, events, stored -> {});
            busy = (compiler.getTotalCompilationTime() - compiled) * 1e6 / (System.nanoTime() - start);
        }
        for (int i = 0; i < MEASURED; i++) {
            pass(peer, args[2], target, events, new Span(events));
        }
        System.exit(0);
    }

    private static void pass(LoadPeer peer, String kafka, LoadTarget target, long events, LongConsumer whenStored)
            throws Exception {
        empty(target);
        peer.load(new LoadPeer.Load(kafka, target, events, whenStored));
        long rows = Long.parseLong(target.query("SELECT count() FROM " + LoadTarget.TABLE));
        if (rows != events) {
            throw new IllegalStateException(peer + " has left " + rows + " rows of " + events + " events");
        }
    }

    /** Merges would fall on whoever comes next. */
    private static void empty(LoadTarget target) {
        target.query("DROP TABLE IF EXISTS " + LoadTarget.TABLE + " SYNC");
        Catalog catalog = RowPeer.catalog();
        try (ClickHouseSink sink = ClickHouseSink.builder(catalog)
                .url(target.url())
                .credentials(target.user(), target::password)
                .build()) {
            sink.migrate();
        }
        target.query("SYSTEM STOP MERGES " + LoadTarget.TABLE);
    }

    /** From the first tenth of the rows to the last. Any thread may tell it, one at a time. */
    private static final class Span implements LongConsumer {

        private final long from;
        private final long to;
        private @Nullable Moment began;
        private boolean ended;

        Span(long events) {
            this.from = events / 10;
            this.to = events - events / 10;
        }

        @Override
        public synchronized void accept(long stored) {
            if (began == null) {
                if (stored >= from) {
                    OUT.println("begin");
                    began = Moment.now(stored);
                }
            } else if (!ended && stored >= to) {
                ended = true;
                OUT.println(Moment.now(stored).since(began));
            }
        }
    }

    /** What all of the client's threads had used when so many rows were stored. */
    private record Moment(long stored, long nanos, Map<Long, Long> cpu, Map<Long, Long> allocated) {

        static Moment now(long stored) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long[] ids = threads.getAllThreadIds();
            return new Moment(
                    stored,
                    System.nanoTime(),
                    byThread(ids, threads.getThreadCpuTime(ids)),
                    byThread(ids, threads.getThreadAllocatedBytes(ids)));
        }

        private static Map<Long, Long> byThread(long[] ids, long[] numbers) {
            Map<Long, Long> all = new HashMap<>();
            for (int i = 0; i < ids.length; i++) {
                all.put(ids[i], Math.max(0, numbers[i]));
            }
            return all;
        }

        /** Rows, nanoseconds, nanoseconds of CPU time, bytes. */
        String since(Moment before) {
            return (stored - before.stored) + " " + (nanos - before.nanos) + " " + sum(cpu, before.cpu) + " "
                    + sum(allocated, before.allocated);
        }

        private static long sum(Map<Long, Long> now, Map<Long, Long> before) {
            return now.entrySet().stream()
                    .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                    .sum();
        }
    }
}
