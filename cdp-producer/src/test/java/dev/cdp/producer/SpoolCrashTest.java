package dev.cdp.producer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A publisher is killed again and again, at any moment, with the broker there, out of reach or killed too. The campaign
 * has 12 rounds, 200 at full size; another number: {@code -Dcdp.spool.rounds=…}; the same ones again: {@code -Dcdp.spool.seed=…}.
 */
final class SpoolCrashTest {

    private static final int ROUNDS =
            Integer.getInteger("cdp.spool.rounds", Boolean.getBoolean("cdp.campaigns.full") ? 200 : 12);
    private static final long SEED = Long.getLong("cdp.spool.seed", System.nanoTime());

    /** See {@link #disturb}; 0 kills the broker. */
    private static final int DISTURBANCES = 10;

    @TempDir
    private Path home;

    @Test
    void every_event_that_publish_took_is_read_although_the_publisher_is_killed() throws Exception {
        killAgainAndAgain(EmbeddedKafka.builder().proxied(), 2, random -> 1 + random.nextInt(DISTURBANCES - 1));
    }

    @Test
    @Tag("campaign")
    void every_event_that_publish_took_is_read_in_the_order_of_its_key_whenever_the_publisher_is_killed()
            throws Exception {
        killAgainAndAgain(
                EmbeddedKafka.builder().proxied().childProcess(), ROUNDS, random -> random.nextInt(DISTURBANCES));
    }

    private void killAgainAndAgain(EmbeddedKafka.Builder builder, int rounds, ToIntFunction<Random> disturbance)
            throws Exception {
        Random random = new Random(SEED);
        Path accepted = Files.createFile(home.resolve("accepted"));
        try (EmbeddedKafka kafka = builder.start()) {
            kafka.createTopic("shop.page_seen", 3);
            ChildJvm publisher = start(kafka, accepted);
            int taking = 0;
            for (int round = 1; round <= rounds; round++) {
                boolean dead = disturb(kafka, disturbance.applyAsInt(random));
                long before = Files.size(accepted);
                begin(1 + last(accepted));
                taking += grows(accepted, before, publisher) ? 1 : 0;
                ChildJvm next = round == rounds ? publisher : start(kafka, accepted);
                if (random.nextBoolean()) {
                    kafka.proxy().heal();
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(400_000))); // killed at any moment
                publisher.close();
                publisher = next;
                kafka.proxy().heal();
                if (dead) {
                    kafka.restart();
                }
                if (round % 20 == 0) {
                    System.out.printf("spool: round %d of %d, at number %d%n", round, rounds, last(accepted));
                }
            }
            try (CdpProducer last = CdpProducer.builder(Shop.CATALOG)
                    .kafka(Map.of("bootstrap.servers", kafka.directBootstrapServers()))
                    .spool(home.resolve("spool"), 8 << 20)
                    .connect()) {
                last.flush();
            }

            assertThat(taking).as("rounds in which publish took something").isGreaterThanOrEqualTo(rounds / 2);
            Read read = new Read();
            Shop.read(kafka, "shop.page_seen", read::add);
            read.verify(rounds, lines(accepted));
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

    /** Tells the publisher that waits to begin, and with which number. */
    private void begin(int first) throws IOException {
        Path written = Files.writeString(home.resolve("begin.new"), Integer.toString(first));
        Files.move(written, home.resolve("begin"), StandardCopyOption.ATOMIC_MOVE);
    }

    private ChildJvm start(EmbeddedKafka kafka, Path accepted) {
        return ChildJvm.of(SpoolPublisherMain.class)
                .jvmOption("-Xshare:auto")
                .jvmOption("-Dorg.slf4j.simpleLogger.defaultLogLevel=off")
                .start(
                        kafka.bootstrapServers(),
                        home.resolve("spool").toString(),
                        accepted.toString(),
                        home.resolve("begin").toString());
    }

    /** Whether something was taken; a spool that is full takes nothing while the broker is away. */
    private static boolean grows(Path accepted, long size, ChildJvm publisher) {
        Await.until(
                "publish has taken something, or the spool is full",
                () -> {
                    assertThat(publisher.alive())
                            .as(() -> "the publisher ended by itself: " + publisher.output())
                            .isTrue();
                    return Files.size(accepted) > size ? "took" : publisher.output();
                },
                state -> state.equals("took") || state.contains(SpoolPublisherMain.FULL));
        return sizeOf(accepted) > size;
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

        void verify(int rounds, List<Integer> accepted) {
            List<Integer> lost =
                    accepted.stream().filter(number -> !ids.containsKey(number)).toList();
            assertThat(lost).as("taken and not read, seed %d", SEED).isEmpty();
            System.out.printf(
                    "spool: %d rounds of kill -9, %d events accepted and all read, %d records, %d repeats of the same id,"
                            + " every key in order, seed %d%n",
                    rounds, accepted.size(), records, records - ids.size(), SEED);
        }
    }
}
