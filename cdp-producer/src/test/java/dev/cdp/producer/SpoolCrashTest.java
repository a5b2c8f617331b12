package dev.cdp.producer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A publisher is killed again and again, at any moment, with the broker there, out of reach or killed too. More rounds:
 * {@code -Dcdp.spool.rounds=200}; the same ones again: {@code -Dcdp.spool.seed=…}.
 */
final class SpoolCrashTest {

    private static final int ROUNDS = Integer.getInteger("cdp.spool.rounds", 4);
    private static final long SEED = Long.getLong("cdp.spool.seed", System.nanoTime());

    private static final Duration TAKES = Duration.ofSeconds(30);

    @TempDir
    private Path home;

    @Test
    void every_event_that_publish_took_is_read_in_the_order_of_its_key_whenever_the_publisher_is_killed()
            throws Exception {
        Random random = new Random(SEED);
        Path accepted = Files.createFile(home.resolve("accepted"));
        try (EmbeddedKafka kafka =
                EmbeddedKafka.builder().proxied().childProcess().start()) {
            kafka.createTopic("shop.page_seen", 3);
            Process publisher = start(kafka, accepted);
            int taking = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                boolean dead = disturb(kafka, random.nextInt(10));
                long before = Files.size(accepted);
                begin(publisher, 1 + last(accepted));
                taking += grows(accepted, before, publisher) ? 1 : 0;
                Process next = round == ROUNDS ? publisher : start(kafka, accepted);
                if (random.nextBoolean()) {
                    kafka.proxy().heal();
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(400_000)));
                publisher.destroyForcibly().waitFor();
                publisher = next;
                kafka.proxy().heal();
                if (dead) {
                    kafka.restart();
                }
                if (round % 20 == 0) {
                    System.out.printf("spool: round %d of %d, at number %d%n", round, ROUNDS, last(accepted));
                }
            }
            try (CdpProducer last = CdpProducer.builder(Shop.CATALOG)
                    .kafka(Map.of("bootstrap.servers", kafka.directBootstrapServers()))
                    .spool(home.resolve("spool"), 8 << 20)
                    .connect()) {
                last.flush();
            }

            assertThat(taking).as("rounds in which publish took something").isGreaterThan(ROUNDS / 2);
            Read read = new Read();
            Shop.read(kafka, "shop.page_seen", read::add);
            read.verify(lines(accepted));
        }
    }

    /** Breaks what the publisher finds, in most rounds; whether the broker has to be started again. */
    private static boolean disturb(EmbeddedKafka kafka, int how) {
        switch (how) {
            case 0 -> {
                kafka.kill();
                return true;
            }
            case 1, 2 -> kafka.proxy().blackHole();
            case 3, 4 -> kafka.proxy().refuseConnections();
            case 5, 6 -> kafka.proxy().cutResponsesAfter(2_000);
            default -> {}
        }
        return false;
    }

    private static void begin(Process publisher, int first) throws IOException {
        try (Writer to = publisher.outputWriter(StandardCharsets.UTF_8)) {
            to.write(first + "\n");
        }
    }

    private Process start(EmbeddedKafka kafka, Path accepted) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx128m"));
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SpoolPublisherMain.class.getName()));
        command.add(kafka.bootstrapServers());
        command.addAll(List.of(home.resolve("spool").toString(), accepted.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("publisher.log").toFile())
                .start();
    }

    /** Whether something was taken; a spool that is full takes nothing while the broker is away. */
    private boolean grows(Path accepted, long size, Process publisher) throws IOException {
        long deadline = System.nanoTime() + TAKES.toNanos();
        while (Files.size(accepted) == size && System.nanoTime() < deadline) {
            assertThat(publisher.isAlive())
                    .as(() -> "the publisher ended by itself: " + log())
                    .isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return Files.size(accepted) > size;
    }

    private String log() {
        try {
            return Files.readString(home.resolve("publisher.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The numbers that are whole; the last line may be cut. */
    private static List<Integer> lines(Path accepted) throws IOException {
        String text = Files.readString(accepted);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        return whole.lines().map(Integer::valueOf).toList();
    }

    /** A number that may have been published and not been written down is not used again. */
    private static int last(Path accepted) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(accepted.toFile(), "r")) {
            long from = Math.max(0, file.length() - 64);
            byte[] tail = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(tail);
            String text = new String(tail, StandardCharsets.UTF_8);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            return lines.isEmpty() ? 0 : Integer.parseInt(lines.get(lines.size() - 1)) + 1;
        }
    }

    /** What is read, record by record: {@code -Dcdp.spool.rounds=200} writes more of them than a test's heap holds. */
    private static final class Read {

        private static final int KEYS = 5;

        private final Map<Integer, UUID> ids = new HashMap<>();
        private final int[] latest = new int[KEYS];
        private int records;

        void add(ConsumerRecord<byte[], byte[]> record) {
            records++;
            String json = new String(record.value(), StandardCharsets.UTF_8);
            int number = Integer.parseInt(json.replaceAll("[^0-9]", ""));
            UUID id = UUID.fromString(
                    new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8));
            UUID known = ids.putIfAbsent(number, id);
            if (known != null) {
                assertThat(id).as("the id of a repeat, seed %d", SEED).isEqualTo(known);
                return;
            }
            int key = number % KEYS;
            assertThat(number)
                    .as("first read of its key after number %d, seed %d", latest[key], SEED)
                    .isGreaterThan(latest[key]);
            latest[key] = number;
        }

        void verify(List<Integer> accepted) {
            List<Integer> lost =
                    accepted.stream().filter(number -> !ids.containsKey(number)).toList();
            assertThat(lost).as("taken and not read, seed %d", SEED).isEmpty();
            System.out.printf(
                    "spool: %d rounds of kill -9, %d events accepted and all read, %d records, %d repeats of the same id,"
                            + " every key in order, seed %d%n",
                    ROUNDS, accepted.size(), records, records - ids.size(), SEED);
        }
    }
}
