package dev.cdp.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code bin/bench}: runs JMH benchmarks and prints one table.
 *
 * <p>Each peer runs in a JVM of its own, several times, and the peers take turns: a load that comes and goes on the
 * machine then falls on all of them. Medians are over the turns.
 */
public final class Main {

    private static final PrintStream OUT = System.out;
    private static final PrintStream PROGRESS = System.err;

    private Main() {}

    /** Exit codes: 0 fine, 2 usage. */
    public static void main(String[] args) throws IOException {
        String name = args.length == 0 ? "" : args[0];
        int rounds = rounds(args, "3");
        switch (name) {
            case "validation" -> validation(rounds, workloads(option(args, "--only", "")));
            case "catalog" -> catalog(rounds);
            case "rows" -> rows(rounds).print(OUT);
            case "clickhouse" -> {
                rows(1).print(OUT);
                OUT.println();
                load(args);
            }
            case "clickhouse-load" -> load(args);
            case "clickhouse-formats" -> {
                try (LoadBenchmark load = new LoadBenchmark(1, 0, PROGRESS)) {
                    load.formats().print(OUT);
                }
            }
            case "publish" -> {
                try (PublishBenchmark publish = new PublishBenchmark(rounds, events(args), PROGRESS)) {
                    Map<PublishPeer, PublishCost> costs = publish.peers(peers(option(args, "--only", "")));
                    PublishBenchmark.table(costs).print(OUT);
                    if (costs.size() == PublishPeer.values().length) {
                        OUT.println();
                        PublishBenchmark.goals(costs).forEach(OUT::println);
                    }
                }
            }
            case "publish-settings" -> {
                try (PublishBenchmark publish = new PublishBenchmark(rounds, events(args), PROGRESS)) {
                    publish.settings().print(OUT);
                }
            }
            case "consume" -> {
                double seconds = Double.parseDouble(option(args, "--seconds", "3"));
                String only = option(args, "--only", "");
                int events = Integer.parseInt(option(args, "--events", "600000"));
                try (ConsumeBenchmark consume = new ConsumeBenchmark(rounds, events, seconds, PROGRESS)) {
                    consume.peers(ConsumeCase.all().stream()
                                    .filter(one -> one.toString().contains(only))
                                    .toList())
                            .print(OUT);
                }
            }
            default -> {
                OUT.printf(
                        """
            usage: bin/bench NAME [--rounds N] [--only WORKLOAD[,WORKLOAD…]] [--events N] [--seconds S]

              validation         payload to verdict: the limit, the peers, us        (about 10 minutes)
                                 workloads: %s
              catalog            loading catalogs of 10, 100 and 1,000 events        (about 2 minutes)
              rows               payload to a row of a table: the limit, the peers, us (about 2 minutes)
              clickhouse         the same, then a real topic into a real table       (about 4 minutes)
              clickhouse-load    the second of these two alone
              clickhouse-formats one block by format and compression                 (about 1 minute)
              publish            events to a real broker: the limit, the peers, us   (about 4 minutes)
              publish-settings   the same by compression, linger and batch size      (about 5 minutes)
              consume            events from a real broker: the limit, the peers, us (about 6 minutes)
                                 --only takes the lines whose name contains a text
            """,
                        String.join(
                                ", ",
                                Arrays.stream(Workload.values()).map(Main::word).toList()));
                System.exit(name.isEmpty() ? 0 : 2);
            }
        }
    }

    private static void validation(int rounds, List<Workload> workloads) {
        Table table = new Table("", "CPU ns", "wall ns", "bytes", "to the limit", "to cdp", "goal of cdp");
        for (Workload workload : workloads) {
            Map<Peer, List<Cost>> turns = new EnumMap<>(Peer.class);
            for (int round = 0; round < rounds; round++) {
                for (Peer peer : Peer.values()) {
                    PROGRESS.printf("%s, round %d of %d: %s%n", workload.title(), round + 1, rounds, peer.title());
                    turns.computeIfAbsent(peer, p -> new ArrayList<>()).add(measure(peer, workload));
                }
            }
            addTo(table, workload, turns);
        }
        table.print(OUT);
    }

    private static void load(String[] args) {
        try (LoadBenchmark load = new LoadBenchmark(rounds(args, "1"), loadEvents(args), PROGRESS)) {
            load.peers().print(OUT);
        }
    }

    private static Table rows(int rounds) {
        Map<RowPeer, List<Cost>> turns = new EnumMap<>(RowPeer.class);
        for (int round = 0; round < rounds; round++) {
            for (RowPeer peer : RowPeer.values()) {
                PROGRESS.printf("round %d of %d: %s%n", round + 1, rounds, peer.title());
                turns.computeIfAbsent(peer, p -> new ArrayList<>())
                        .add(Cost.measure(options(RowBenchmark.class.getSimpleName() + ".rows")
                                .param("peer", peer.name())
                                .warmupIterations(2)
                                .warmupTime(TimeValue.milliseconds(300))
                                .measurementIterations(4)
                                .measurementTime(TimeValue.milliseconds(300))));
            }
        }
        Map<RowPeer, Cost> costs = new EnumMap<>(RowPeer.class);
        turns.forEach((peer, list) -> costs.put(peer, Cost.median(list)));
        double limit = Objects.requireNonNull(costs.get(RowPeer.JACKSON_WALK)).cpu();
        double ours = Objects.requireNonNull(costs.get(RowPeer.CDP)).cpu();
        Table table = new Table(
                "event of 20 fields, 1 KB", "CPU ns", "wall ns", "bytes", "to the limit", "to cdp", "goal of cdp");
        costs.forEach((peer, cost) -> table.row(
                peer.title(),
                number(cost.cpu()),
                number(cost.wall()),
                number(cost.bytes()),
                times(cost.cpu() / limit),
                times(cost.cpu() / ours),
                peer == RowPeer.JACKSON_WALK ? "≤ 0.80 of it" : peer == RowPeer.CDP ? "0 B" : ""));
        return table;
    }

    private static Cost measure(Peer peer, Workload workload) {
        return Cost.measure(options(ValidationBenchmark.class.getSimpleName() + ".validate")
                .param("peer", peer.name())
                .param("workload", workload.name())
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(4)
                .measurementTime(TimeValue.milliseconds(300)));
    }

    private static void addTo(Table table, Workload workload, Map<Peer, List<Cost>> turns) {
        Map<Peer, Cost> costs = new EnumMap<>(Peer.class);
        turns.forEach((peer, list) -> costs.put(peer, Cost.median(list)));
        double limit = Objects.requireNonNull(costs.get(Peer.JACKSON_WALK)).cpu();
        double ours = Objects.requireNonNull(costs.get(Peer.CDP)).cpu();
        long size = Math.round(Arrays.stream(workload.payloads())
                .mapToInt(payload -> payload.length)
                .average()
                .orElseThrow());
        table.row("**" + workload.title() + "**, " + size + " B", "", "", "", "", "", "");
        costs.forEach((peer, cost) -> table.row(
                peer.title(),
                number(cost.cpu()),
                number(cost.wall()),
                number(cost.bytes()),
                times(cost.cpu() / limit),
                times(cost.cpu() / ours),
                goal(peer, workload)));
    }

    private static String goal(Peer peer, Workload workload) {
        return switch (peer) {
            case JACKSON_WALK -> workload.valid() ? "≤ 0.60 of it" : "";
            case NETWORKNT -> workload.valid() ? "≥ 15 ×" : "≤ 1.05 of it";
            case NETWORKNT_TUNED -> workload.valid() ? "≥ 9 ×" : "";
            case CDP -> workload.valid() ? "0 B" : "";
            default -> "";
        };
    }

    private static void catalog(int rounds) {
        Table table = new Table(
                "events of 20 fields",
                "load, fresh JVM ms",
                "load, warm ms",
                "µs an event",
                "with validator, warm ms",
                "µs an event",
                "to 10 events");
        double first = 0;
        for (int events : new int[] {10, 100, 1000}) {
            List<Cost> cold = new ArrayList<>();
            List<Cost> load = new ArrayList<>();
            List<Cost> both = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                PROGRESS.printf("%d events, round %d of %d%n", events, round + 1, rounds);
                cold.add(measure("load", events, 0, 1));
                load.add(measure("load", events, warmups(events), 5));
                both.add(measure("loadAndCompile", events, warmups(events), 5));
            }
            double perEvent = Cost.median(both).cpu() / events / 1e3;
            first = first == 0 ? perEvent : first;
            table.row(
                    String.format(Locale.ROOT, "%,d", events),
                    number(Cost.median(cold).wall() / 1e6),
                    oneDecimal(Cost.median(load).cpu() / 1e6),
                    number(Cost.median(load).cpu() / events / 1e3),
                    oneDecimal(Cost.median(both).cpu() / 1e6),
                    number(perEvent),
                    times(perEvent / first));
        }
        table.print(OUT);
    }

    /** The same number of events before each measurement, so that the compiler has seen as much. */
    private static int warmups(int events) {
        return Math.max(5, 5_000 / events);
    }

    private static Cost measure(String method, int events, int warmups, int shots) {
        return Cost.measure(options(CatalogBenchmark.class.getSimpleName() + "." + method + "$")
                .param("events", Integer.toString(events))
                .warmupIterations(warmups)
                .measurementIterations(shots));
    }

    private static ChainedOptionsBuilder options(String benchmark) {
        return new OptionsBuilder()
                .include(benchmark)
                .forks(1)
                .threads(1)
                .verbosity(VerboseMode.SILENT)
                .timeUnit(TimeUnit.NANOSECONDS)
                .shouldFailOnError(true)
                .jvmArgs("-XX:+UseSerialGC", "-Xms1g", "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    }

    private static List<Workload> workloads(String only) {
        if (only.isEmpty()) {
            return List.of(Workload.values());
        }
        return Arrays.stream(only.split(","))
                .map(word -> Workload.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')))
                .toList();
    }

    private static List<PublishPeer> peers(String only) {
        return only.isEmpty()
                ? List.of(PublishPeer.values())
                : Arrays.stream(only.split(","))
                        .map(word -> PublishPeer.valueOf(
                                word.toUpperCase(Locale.ROOT).replace('-', '_')))
                        .toList();
    }

    private static int rounds(String[] args, String absent) {
        return Integer.parseInt(option(args, "--rounds", absent));
    }

    private static int loadEvents(String[] args) {
        return Integer.parseInt(option(args, "--events", "200000"));
    }

    private static int events(String[] args) {
        return Integer.parseInt(option(args, "--events", "400000"));
    }

    private static String word(Workload workload) {
        return workload.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String option(String[] args, String name, String absent) {
        int at = Arrays.asList(args).indexOf(name);
        return at >= 0 && at + 1 < args.length ? args[at + 1] : absent;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String oneDecimal(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
    }
}
