package dev.cdp.benchmarks;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import com.github.luben.zstd.ZstdOutputStream;
import dev.cdp.clickhouse.ClickHouseSink;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.embedded.EmbeddedClickHouse;
import dev.cdp.embedded.EmbeddedKafka;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;
import net.jpountz.lz4.LZ4FrameOutputStream;

/** From a topic into a table, both real and processes of their own; peers take turns, each in a JVM of its own. */
final class LoadBenchmark implements AutoCloseable {

    private static final int REPEATS = 15;

    private final int rounds;
    private final int events;
    private final PrintStream progress;
    private final EmbeddedKafka broker;
    private final EmbeddedClickHouse server;
    private final List<ProcessHandle> serverProcesses;
    private final LoadTarget target;

    LoadBenchmark(int rounds, int events, PrintStream progress) {
        this.rounds = rounds;
        this.events = events;
        this.progress = progress;
        this.broker =
                EmbeddedKafka.builder().childProcess().jvmOption("-Xmx512m").start();
        Set<Long> others =
                ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
        this.server = EmbeddedClickHouse.start();
        this.serverProcesses = ProcessHandle.current()
                .children()
                .filter(child -> !others.contains(child.pid()))
                .toList();
        this.target = new LoadTarget(server.url(), server.user(), server.password());
        server.createDatabase("cdp");
    }

    /** The peers beside each other. */
    Table peers() {
        publish();
        Map<LoadPeer, List<LoadCost>> turns = new EnumMap<>(LoadPeer.class);
        for (int round = 0; round < rounds; round++) {
            for (LoadPeer peer : LoadPeer.values()) {
                progress.printf("round %d of %d: %s%n", round + 1, rounds, peer.title());
                turns.computeIfAbsent(peer, p -> new ArrayList<>()).addAll(run(peer));
            }
        }
        Map<LoadPeer, LoadCost> costs = new EnumMap<>(LoadPeer.class);
        turns.forEach((peer, list) -> costs.put(peer, LoadCost.median(list)));
        LoadCost limit = Objects.requireNonNull(costs.get(LoadPeer.RAW));
        LoadCost pojo = Objects.requireNonNull(costs.get(LoadPeer.CLIENT_V2));
        Table table = new Table(
                "topic to table, events of 1 KB",
                "rows/s",
                "to the limit",
                "client CPU µs",
                "server CPU µs",
                "both",
                "to client-v2",
                "client B",
                "goal of cdp");
        costs.forEach((peer, cost) -> table.row(
                peer.title(),
                String.format(Locale.ROOT, "%,.0f", 1e9 / cost.wall()),
                twoDecimals(limit.wall() / cost.wall()),
                twoDecimals(cost.client() / 1e3),
                twoDecimals(cost.server() / 1e3),
                twoDecimals(cost.both() / 1e3),
                twoDecimals(cost.both() / pojo.both()),
                String.format(Locale.ROOT, "%,.0f", cost.allocated()),
                goal(peer)));
        return table;
    }

    /** Blocks of the same rows, made before, by format and compression; compressing is the client's part. */
    Table formats() throws IOException {
        byte[] rowBinary = LoadPeer.rows(LoadPeer.ROWS);
        byte[] nativeBlock = LoadPeer.block(LoadPeer.ROWS);
        Table table = new Table("10,000 rows of 30 columns", "bytes a row", "compress µs", "server CPU µs", "both");
        for (boolean columns : new boolean[] {false, true}) {
            for (String encoding : List.of("", "lz4", "zstd")) {
                String format = columns ? LoadPeer.NATIVE : LoadPeer.ROW_BINARY;
                progress.printf("%s %s%n", format, encoding);
                format(table, format, columns ? nativeBlock : rowBinary, encoding);
            }
        }
        return table;
    }

    private void format(Table table, String format, byte[] block, String encoding) throws IOException {
        byte[] body = compressed(block, encoding);
        for (int i = 0; i < REPEATS; i++) {
            body = compressed(block, encoding);
        }
        emptyTable();
        target.insert(format, encoding, body);
        double clientBefore = threadCpu();
        for (int i = 0; i < REPEATS; i++) {
            body = compressed(block, encoding);
        }
        double compressing = encoding.isEmpty() ? 0 : threadCpu() - clientBefore;
        long before = serverCpu();
        for (int i = 0; i < REPEATS; i++) {
            target.insert(format, encoding, body);
        }
        double serving = serverCpu() - before;
        double rows = (double) REPEATS * LoadPeer.ROWS * 1e3;
        table.row(
                format + (encoding.isEmpty() ? "" : ", " + encoding),
                String.format(Locale.ROOT, "%,.0f", body.length / (double) LoadPeer.ROWS),
                twoDecimals(compressing / rows),
                twoDecimals(serving / rows),
                twoDecimals((compressing + serving) / rows));
    }

    private static byte[] compressed(byte[] block, String encoding) throws IOException {
        if (encoding.isEmpty()) {
            return block;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(block.length);
        try (OutputStream out = encoding.equals("lz4")
                ? new LZ4FrameOutputStream(bytes, LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB)
                : new ZstdOutputStream(bytes, 1)) {
            out.write(block);
        }
        return bytes.toByteArray();
    }

    private void emptyTable() {
        target.query("DROP TABLE IF EXISTS " + LoadTarget.TABLE + " SYNC");
        try (ClickHouseSink sink = ClickHouseSink.builder(RowPeer.catalog())
                .url(server.url())
                .credentials(server.user(), server::password)
                .build()) {
            sink.migrate();
        }
        target.query("SYSTEM STOP MERGES " + LoadTarget.TABLE);
    }

    private static String goal(LoadPeer peer) {
        return switch (peer) {
            case RAW -> "≥ 0.80 of its rows/s";
            case CLIENT_V2 -> "≤ 0.50 of its CPU";
            case KAFKA_ENGINE -> "faster";
            default -> "";
        };
    }

    private void publish() {
        progress.printf("publishing %d events%n", events);
        broker.createTopic(PublishPeer.TOPIC, 3);
        Catalog catalog = RowPeer.catalog();
        byte[][] payloads = new PublishEvents().payloads();
        Map<String, Object> kafka = new LinkedHashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
        try (CdpProducer producer = CdpProducer.connect(catalog, kafka)) {
            EventPublisher<byte[]> publisher = producer.jsonPublisher(RowPeer.EVENT);
            for (int i = 0; i < events; i++) {
                var unused = publisher.publish(payloads[i % payloads.length]);
            }
            long sent = producer.close(Duration.ofMinutes(2)).sent();
            if (sent != events) {
                throw new IllegalStateException(sent + " of " + events + " events are published");
            }
        }
    }

    private List<LoadCost> run(LoadPeer peer) {
        List<String> command = List.of(
                PeerProcess.java(),
                "-XX:+UseSerialGC",
                "-Xms1g",
                "-Xmx1g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                LoadRun.class.getName(),
                peer.name(),
                Integer.toString(events),
                broker.bootstrapServers(),
                server.url().toString(),
                server.user(),
                server.password());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<LoadCost> costs = new ArrayList<>();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.equals("begin")) {
                        long before = serverCpu();
                        String numbers = Objects.requireNonNull(out.readLine(), "what was measured");
                        costs.add(cost(numbers, serverCpu() - before));
                    }
                }
            }
            if (costs.isEmpty() || process.waitFor() != 0) {
                throw new IllegalStateException(peer + " failed; what it said stands above");
            }
            return costs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static LoadCost cost(String numbers, long serverCpu) {
        double[] each = Arrays.stream(numbers.strip().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new LoadCost(each[1] / each[0], each[2] / each[0], each[3] / each[0], serverCpu / each[0]);
    }

    private static double threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private long serverCpu() {
        return serverProcesses.stream()
                .mapToLong(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    private static String twoDecimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    @Override
    public void close() {
        server.close();
        broker.close();
    }
}
