package dev.cdp.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
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

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Catalog catalog;
    private final Servers servers;
    private final int events;
    private final PrintWriter out;
    private final LongAdder loaded = new LongAdder();
    private final LongAdder dead = new LongAdder();

    Demo(Catalog catalog, Servers servers, int events, PrintWriter out) {
        this.catalog = catalog;
        this.servers = servers;
        this.events = events;
        this.out = out;
    }

    /** Runs it all, prints as it goes, and returns what became of every record. */
    Balance run() throws InterruptedException {
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
        out.println("An application offers " + events + " events to "
                + catalog.topics().size()
                + " topics; by hand come the four test messages of the incident, and broken bytes.");
        out.println();
        return CompletableFuture.runAsync(() -> {
            traffic.incident();
            traffic.application(events);
        });
    }

    private Balance side(CompletableFuture<Void> sending, Traffic traffic, Then then, ResilientConsumer now, Log log)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Report report = new Report(out, traffic);
        report.progressHead();
        while (true) {
            boolean sent = finished(sending);
            Map<TopicPartition, Long> ends = log.ends(catalog.topics());
            Map<TopicPartition, Long> lagNow = log.lag(GROUP, ends);
            Map<TopicPartition, Long> lagThen = log.lag(Then.GROUP, ends);
            lagThen.keySet().removeIf(partition -> !partition.topic().equals(Traffic.TOPIC));
            report.progress(sum(lagThen), loaded.sum(), dead.sum(), sum(lagNow));
            now.health().cause().ifPresent(cause -> {
                throw new UnusableException("the consumer stopped: " + cause.getMessage(), cause);
            });
            if ((sent && sum(lagNow) == 0) || System.nanoTime() > deadline) {
                Balance balance = Balance.of(catalog, servers, log, GROUP);
                report.closing(balance, then.rows(), log.committed(Then.GROUP), lagThen);
                return balance;
            }
        }
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
