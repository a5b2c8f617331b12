package dev.cdp.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.consumer.ConsumerListener;
import dev.cdp.consumer.Delivery;
import dev.cdp.consumer.ResilientConsumer;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.sink.BatchId;
import dev.cdp.producer.CdpProducer;
import org.apache.kafka.common.TopicPartition;

/** The incident, then and now, side by side on the same topic. */
final class Demo {

    static final String GROUP = "clickhouse-raw";

    /** Twice as long as a publisher waits for room. */
    private static final Duration WITHOUT_PROGRESS = Duration.ofMinutes(2);

    private final Catalog catalog;
    private final Servers servers;
    private final int events;
    private final PrintWriter out;
    private final Duration withoutProgress;
    private final LongAdder loaded = new LongAdder();
    private final LongAdder dead = new LongAdder();

    Demo(Catalog catalog, Servers servers, int events, PrintWriter out) {
        this(catalog, servers, events, out, WITHOUT_PROGRESS);
    }

    /** {@code withoutProgress}: the demo gives up when nothing has moved for so long. */
    Demo(Catalog catalog, Servers servers, int events, PrintWriter out, Duration withoutProgress) {
        this.catalog = catalog;
        this.servers = servers;
        this.events = events;
        this.out = out;
        this.withoutProgress = withoutProgress;
    }

    /** Runs it all, prints as it goes, and returns whether the balance holds. */
    Verdict run() throws InterruptedException {
        ClickHouse clickHouse = servers.clickHouse();
        try (Log log = new Log(servers.kafka());
                ClickHouseSink sink = ClickHouseSink.builder(catalog)
                        .url(clickHouse.url())
                        .credentials(clickHouse.user(), clickHouse::password)
                        .build();
                ResilientConsumer now = ResilientConsumer.builder(catalog)
                        .kafka(servers.kafka())
                        .group(GROUP)
                        .topics(catalog.topics())
                        .sink(sink)
                        .listener(counting())
                        .build();
                Traffic traffic = new Traffic(CdpProducer.connect(catalog, servers.kafka()), servers.kafka())) {
            sink.migrate();
            out.println("  " + catalog.events().size() + " tables from cdp.yaml");
            try (Then then = Then.start(clickHouse, servers.bootstrapServers(), Traffic.TOPIC)) {
                now.start();
                return side(by(traffic), traffic, then, now, log);
            }
        }
    }

    private CompletableFuture<Void> by(Traffic traffic) {
        out.println();
        out.println("An application offers events to " + catalog.topics().size()
                + " topics; by hand come the four test messages of the incident, and broken bytes.");
        out.println();
        return CompletableFuture.runAsync(() -> {
            traffic.incident();
            traffic.application(events);
        });
    }

    private Verdict side(CompletableFuture<Void> sending, Traffic traffic, Then then, ResilientConsumer now, Log log)
            throws InterruptedException {
        LastProgress progress = new LastProgress(withoutProgress, InstantSource.system());
        Report report = new Report(out, traffic);
        report.progressHead();
        while (true) {
            boolean sent = finished(sending); // looked at before the ends, which are the last ones then
            Map<TopicPartition, Long> ends = log.ends(catalog.topics());
            Unsettled unsettled = unsettled(sent, traffic, log.lag(GROUP, ends));
            report.progress(sum(lagThen(log, ends)), loaded.sum(), dead.sum(), unsettled.totalLag());
            now.health().cause().ifPresent(cause -> {
                throw new UnusableException("the consumer stopped: " + cause.getMessage(), cause);
            });
            if (unsettled.none()) {
                return verdict(report, then, log, ends, unsettled);
            }
            if (progress.stalled(counts(traffic, ends, unsettled))) {
                return giveUp(report, unsettled.notOffered(), traffic, then, log);
            }
        }
    }

    /** What moves while the demo goes on. */
    private List<Long> counts(Traffic traffic, Map<TopicPartition, Long> ends, Unsettled unsettled) {
        return List.of(
                traffic.offered(),
                traffic.unanswered(),
                traffic.foreign(),
                loaded.sum(),
                dead.sum(),
                sum(ends),
                unsettled.totalLag());
    }

    private Unsettled unsettled(boolean sent, Traffic traffic, Map<TopicPartition, Long> lag) {
        long notOffered = sent ? 0 : Math.max(1, events - traffic.offered());
        return new Unsettled(notOffered, traffic.unanswered(), lag);
    }

    private Verdict verdict(Report report, Then then, Log log, Map<TopicPartition, Long> ends, Unsettled unsettled) {
        Balance balance = Balance.of(catalog, servers, log, ends, unsettled);
        report.closing(balance, then.rows(), log.committed(Then.GROUP), lagThen(log, ends));
        return balance.verdict();
    }

    /** Stops the traffic first, so that what is missing is counted in a log that grows no more. */
    private Verdict giveUp(Report report, long notOffered, Traffic traffic, Then then, Log log) {
        traffic.close();
        Map<TopicPartition, Long> ends = log.ends(catalog.topics());
        Unsettled unsettled = new Unsettled(notOffered, traffic.unanswered(), log.lag(GROUP, ends));
        report.gaveUp(withoutProgress, unsettled);
        try {
            return verdict(report, then, log, ends, unsettled);
        } catch (UnusableException e) {
            out.println("  and it cannot be counted: " + e.getMessage());
            return Verdict.NOT_KNOWN;
        }
    }

    private static Map<TopicPartition, Long> lagThen(Log log, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> lag = log.lag(Then.GROUP, ends);
        lag.keySet().removeIf(partition -> !partition.topic().equals(Traffic.TOPIC));
        return lag;
    }

    /** Whether the application is done, looked at after a second; throws what it threw. */
    private static boolean finished(CompletableFuture<Void> sending) throws InterruptedException {
        TimeUnit.SECONDS.sleep(1);
        try {
            sending.get(0, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnusableException("the application failed: " + cause.getMessage(), cause);
        }
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private ConsumerListener counting() {
        return new ConsumerListener() {
            @Override
            public void batchStored(BatchId batch, int rows) {
                loaded.add(rows);
            }

            @Override
            public void deadLettered(Delivery delivery, String event, DeadLetterReason reason) {
                dead.increment();
            }
        };
    }
}
