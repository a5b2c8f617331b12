package dev.cdp.benchmarks;

import java.io.File;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.cdp.embedded.EmbeddedKafka;

/** Publishing to one real broker, which is a process of its own; peers take turns, each in a JVM of its own. */
final class PublishBenchmark implements AutoCloseable {

    /** The defaults of cdp, for all peers. */
    private static final Map<String, String> DEFAULTS =
            Map.of("compression.type", "lz4", "linger.ms", "5", "batch.size", "131072");

    private static final double LEAST_THROUGHPUT = 0.9;
    private static final double LEAST_GAIN = 5;

    private final int rounds;
    private final int events;
    private final PrintStream progress;
    private final EmbeddedKafka broker;

    PublishBenchmark(int rounds, int events, PrintStream progress) {
        this.rounds = rounds;
        this.events = events;
        this.progress = progress;
        this.broker = EmbeddedKafka.builder()
                .childProcess()
                .jvmOption("-XX:TieredStopAtLevel=4")
                .jvmOption("-Xmx512m")
                .property("log.segment.bytes", Integer.toString(64 << 20))
                .property("log.retention.bytes", Integer.toString(64 << 20))
                .property("log.retention.check.interval.ms", "2000")
                .property("log.segment.delete.delay.ms", "100")
                .start();
        broker.createTopic(PublishPeer.TOPIC, 6);
    }

    /** What each peer costs: medians over the rounds. */
    Map<PublishPeer, PublishCost> peers(List<PublishPeer> peers) {
        Map<PublishPeer, List<PublishCost>> turns = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (PublishPeer peer : peers) {
                progress.printf("round %d of %d: %s%n", round + 1, rounds, peer.title());
                turns.computeIfAbsent(peer, p -> new ArrayList<>()).add(run(peer, DEFAULTS));
            }
        }
        Map<PublishPeer, PublishCost> costs = new LinkedHashMap<>();
        turns.forEach((peer, list) -> costs.put(peer, PublishCost.median(list)));
        return costs;
    }

    /** The peers beside each other; raw + Jackson has to be among them. */
    static Table table(Map<PublishPeer, PublishCost> costs) {
        PublishCost jackson = cost(costs, PublishPeer.JACKSON);
        Table table = new Table(
                "events of 1 KB",
                "events/s",
                "to raw + Jackson",
                "client CPU µs",
                "of it the caller's",
                "to raw + Jackson",
                "over raw + Jackson",
                "process CPU µs",
                "bytes allocated",
                "bytes sent");
        costs.forEach((peer, cost) -> table.row(
                peer.title(),
                number(cost.perSecond()),
                twoDecimals(cost.perSecond() / jackson.perSecond()),
                twoDecimals(cost.cpu() / 1e3),
                twoDecimals(cost.callerCpu() / 1e3),
                twoDecimals(cost.cpu() / jackson.cpu()),
                twoDecimals((cost.cpu() - jackson.cpu()) / 1e3),
                twoDecimals(cost.processCpu() / 1e3),
                number(cost.bytes()),
                number(cost.sent())));
        return table;
    }

    /** The two goals and how far each is reached, a line each. */
    static List<String> goals(Map<PublishPeer, PublishCost> costs) {
        PublishCost jackson = cost(costs, PublishPeer.JACKSON);
        PublishCost ours = cost(costs, PublishPeer.CDP);
        PublishCost apicurio = cost(costs, PublishPeer.APICURIO);
        return List.of(
                goal("throughput of cdp to raw + Jackson", ours.perSecond() / jackson.perSecond(), LEAST_THROUGHPUT),
                goal(
                        "CPU that Apicurio's serde adds to raw + Jackson, to what cdp adds",
                        (apicurio.cpu() - jackson.cpu()) / (ours.cpu() - jackson.cpu()),
                        LEAST_GAIN));
    }

    private static String goal(String what, double found, double least) {
        return String.format(
                Locale.ROOT, "%s: %.2f, goal ≥ %.2f: %s", what, found, least, found >= least ? "met" : "missed");
    }

    private static PublishCost cost(Map<PublishPeer, PublishCost> costs, PublishPeer peer) {
        return Objects.requireNonNull(costs.get(peer));
    }

    /** The settings of Kafka's producer beside each other, by cdp's publisher. */
    Table settings() {
        List<Map<String, String>> choices = new ArrayList<>();
        for (String compression : List.of("none", "lz4", "zstd", "snappy")) {
            choices.add(Map.of("compression.type", compression, "linger.ms", "5", "batch.size", "131072"));
        }
        for (String linger : List.of("0", "20")) {
            choices.add(Map.of("compression.type", "lz4", "linger.ms", linger, "batch.size", "131072"));
        }
        for (String batch : List.of("16384", "65536", "262144")) {
            choices.add(Map.of("compression.type", "lz4", "linger.ms", "5", "batch.size", batch));
        }
        Map<Map<String, String>, List<PublishCost>> turns = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map<String, String> choice : choices) {
                progress.printf("round %d of %d: %s%n", round + 1, rounds, choice);
                turns.computeIfAbsent(choice, c -> new ArrayList<>()).add(run(PublishPeer.CDP, choice));
            }
        }
        double defaults =
                PublishCost.median(Objects.requireNonNull(turns.get(DEFAULTS))).perSecond();
        Table table = new Table(
                "compression, linger ms, batch bytes",
                "events/s",
                "to the defaults",
                "client CPU µs",
                "broker CPU µs",
                "bytes sent");
        turns.forEach((choice, list) -> {
            PublishCost cost = PublishCost.median(list);
            table.row(
                    choice.get("compression.type") + ", " + choice.get("linger.ms") + ", " + choice.get("batch.size"),
                    number(cost.perSecond()),
                    twoDecimals(cost.perSecond() / defaults),
                    twoDecimals(cost.cpu() / 1e3),
                    twoDecimals(cost.brokerCpu() / 1e3),
                    number(cost.sent()));
        });
        return table;
    }

    private PublishCost run(PublishPeer peer, Map<String, String> kafka) {
        List<String> command = new ArrayList<>(List.of(
                PeerProcess.java(),
                "-XX:+UseSerialGC",
                "-Xms512m",
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                classPath(peer),
                PublishRun.class.getName(),
                peer.name(),
                Integer.toString(events),
                "bootstrap.servers=" + broker.bootstrapServers()));
        kafka.forEach((name, value) -> command.add(name + "=" + value));
        long brokerBefore = PeerProcess.brokerCpu();
        double[] numbers = PeerProcess.numbers(command, peer);
        return new PublishCost(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                (PeerProcess.brokerCpu() - brokerBefore) / (double) events,
                numbers[4],
                numbers[5]);
    }

    /** Apicurio's serde comes with an older networknt than ours, which has to stand in front. */
    private static String classPath(PublishPeer peer) {
        String ours = System.getProperty("java.class.path");
        return peer == PublishPeer.APICURIO
                ? System.getProperty("cdp.bench.apicurio") + File.pathSeparator + ours
                : ours;
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
