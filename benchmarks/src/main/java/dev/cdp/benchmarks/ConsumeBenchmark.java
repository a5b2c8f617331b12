package dev.cdp.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;

/**
 * Consuming one topic of a real broker, which is a process of its own; peers take turns, each in a JVM of its own and as
 * a group of its own, so that each reads the same records.
 */
final class ConsumeBenchmark implements AutoCloseable {

    static final int PARTITIONS = 6;

    private static final double WAITING_SECONDS = 2;

    private final int rounds;
    private final int events;
    private final double seconds;
    private final PrintStream progress;
    private final EmbeddedKafka broker;

    /**
     * Starts a broker and fills the topic.
     *
     * @param events measured in a turn at most, after as many to warm up
     * @param seconds that measuring takes at most, and warming up too
     */
    ConsumeBenchmark(int rounds, int events, double seconds, PrintStream progress) {
        this.rounds = rounds;
        this.events = events;
        this.seconds = seconds;
        this.progress = progress;
        this.broker = EmbeddedKafka.builder()
                .childProcess()
                .jvmOption("-XX:TieredStopAtLevel=4")
                .jvmOption("-Xmx512m")
                .start();
        broker.createTopic(PublishPeer.TOPIC, PARTITIONS);
        broker.createTopic("dlq." + PublishPeer.TOPIC, 1);
        fill();
    }

    /** As cdp publishes them; a fifth more than a turn takes, as what is fetched ahead is not handled. */
    private void fill() {
        int all = 2 * events + events / 5 * 2;
        progress.printf("publishing %,d events%n", all);
        byte[][] payloads = new PublishEvents().payloads();
        try (CdpProducer producer =
                CdpProducer.connect(Catalog.load(GeneratedCatalog.of(1)), Map.copyOf(broker.properties()))) {
            EventPublisher<byte[]> publisher = producer.jsonPublisher("event_0");
            for (int i = 0; i < all; i++) {
                var unused = publisher.publish(payloads[i % payloads.length]);
            }
            long sent = producer.close(Duration.ofMinutes(1)).sent();
            if (sent != all) {
                throw new IllegalStateException(sent + " of " + all + " events were acknowledged");
            }
        }
    }

    /** The peers beside each other. */
    Table peers(List<ConsumeCase> cases) {
        Map<ConsumeCase, List<ConsumeCost>> turns = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (ConsumeCase one : cases) {
                progress.printf("round %d of %d: %s%n", round + 1, rounds, one);
                turns.computeIfAbsent(one, c -> new ArrayList<>()).add(run(one));
            }
        }
        Map<ConsumeCase, ConsumeCost> costs = new LinkedHashMap<>();
        turns.forEach((one, list) -> costs.put(one, ConsumeCost.median(list)));
        Table table = new Table(
                "events of 1 KB, 6 partitions",
                "handler",
                "in flight",
                "events/s",
                "to raw",
                "to ideal",
                "client CPU µs",
                "busiest thread",
                "broker CPU µs",
                "bytes allocated",
                "goal of cdp");
        costs.forEach((one, cost) -> table.row(
                one.peer().title(),
                one.waits() ? one.handlerMillis() + " ms" : "no-op",
                one.inFlight() == 1 ? "" : Integer.toString(one.inFlight()),
                number(cost.perSecond()),
                one.waits() ? "" : ratio(costs, one, ConsumePeer.RAW),
                one.waits() ? ratio(costs, one, ConsumePeer.THREADS) : "",
                twoDecimals(cost.cpu() / 1e3),
                one.waits() ? "" : twoDecimals(cost.busiestCpu() / 1e3),
                one.peer() == ConsumePeer.THREADS ? "" : twoDecimals(cost.brokerCpu() / 1e3),
                number(cost.bytes()),
                goal(costs, one)));
        return table;
    }

    /** What is asked of cdp beside this line, and what was found. */
    private static String goal(Map<ConsumeCase, ConsumeCost> costs, ConsumeCase one) {
        return switch (one.peer()) {
            case CDP_PARTITION, CDP_KEY -> "≥ 0.80 of raw: " + ratio(costs, one, ConsumePeer.RAW);
            case SPRING_BATCH ->
                "cdp PARTITION above it: " + ratio(costs, one.of(ConsumePeer.CDP_PARTITION), one.peer());
            case PARALLEL_KEY ->
                one.waits() ? "" : "cdp KEY ≥ 20 ×: " + ratio(costs, one.of(ConsumePeer.CDP_KEY), one.peer());
            case CDP_PARTITION_VALIDATED, CDP_KEY_VALIDATED ->
                one.waits() ? "≥ 0.95 of ideal: " + ratio(costs, one, ConsumePeer.THREADS) : "";
            default -> "";
        };
    }

    /** How many times as fast a line is as another peer's with the same handler; empty if that one was not measured. */
    private static String ratio(Map<ConsumeCase, ConsumeCost> costs, ConsumeCase one, ConsumePeer to) {
        ConsumeCost cost = costs.get(one);
        ConsumeCost other = costs.get(one.of(to));
        return cost == null || other == null ? "" : twoDecimals(other.wall() / cost.wall());
    }

    private ConsumeCost run(ConsumeCase one) {
        List<String> command = List.of(
                PeerProcess.java(),
                "-XX:+UseSerialGC",
                "-Xms512m",
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                ConsumeRun.class.getName(),
                one.peer().name(),
                Integer.toString(one.handlerMillis()),
                Integer.toString(one.inFlight()),
                Integer.toString(events),
                Double.toString(one.waits() ? WAITING_SECONDS : seconds),
                broker.bootstrapServers());
        long brokerBefore = PeerProcess.brokerCpu();
        double[] numbers = PeerProcess.numbers(command, one);
        return new ConsumeCost(
                numbers[0], numbers[1], numbers[2], numbers[3], (PeerProcess.brokerCpu() - brokerBefore) / numbers[4]);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String twoDecimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    @Override
    public void close() {
        broker.close();
    }
}
