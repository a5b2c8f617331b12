package dev.cdp.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;

import com.sun.management.OperatingSystemMXBean;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.core.catalog.Catalog;

/**
 * One peer's turn, in a JVM of its own: the topic is loaded once for the compiler, and once to be measured. Prints a line
 * when it begins to measure, and one of numbers for {@link LoadBenchmark} when the last row is in the table.
 */
public final class LoadRun {

    private static final PrintStream OUT = System.out;

    private LoadRun() {}

    /** Arguments: the peer, how many events the topic holds, Kafka's address, ClickHouse's address, user and password. */
    public static void main(String[] args) throws Exception {
        LoadPeer peer = LoadPeer.valueOf(args[0]);
        long events = Long.parseLong(args[1]);
        LoadTarget target = new LoadTarget(URI.create(args[3]), args[4], args[5]);
        int warmUps = peer == LoadPeer.KAFKA_ENGINE ? 0 : 1;
        for (int pass = 0; pass <= warmUps; pass++) {
            empty(target);
            boolean measured = pass == warmUps;
            if (measured) {
                OUT.println("begin");
            }
            long cpu = cpu();
            long start = System.nanoTime();
            peer.load(new LoadPeer.Load(args[2], target, events, () -> {
                if (measured) {
                    OUT.println((System.nanoTime() - start) + " " + (cpu() - cpu));
                }
            }));
            long rows = Long.parseLong(target.query("SELECT count() FROM " + LoadTarget.TABLE));
            if (rows != events) {
                throw new IllegalStateException(peer + " has left " + rows + " rows of " + events + " events");
            }
        }
        System.exit(0);
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

    /** With the threads that collect garbage and compile. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
