package dev.cdp.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.cdp.consumer.CrashPoints.Point;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that dies at any point of the path, on a real broker, and its successor: nothing is lost, nothing that was
 * committed comes again. A dozen of {@code 24 points × 2 protocols × 3 orderings} are drawn each time;
 * {@code -Dcdp.crash.runs=all} runs the whole grid, {@code -Dcdp.crash.seed=N} the dozen of before.
 */
class CrashTest {

    private static final int RECORDS = 60;
    private static final int PARTITIONS = 2;
    private static final int AT_ONCE = 3;

    @TempDir
    private Path folder;

    /** With an instance id its successor has the same, and must wait for the dead one or take its place. */
    private record Run(Point point, String protocol, Ordering ordering, int nth, String instance) {}

    private static List<Run> grid(long seed) {
        Random random = new Random(seed);
        List<Run> grid = new ArrayList<>();
        for (Point point : Point.values()) {
            for (String protocol : List.of("classic", "consumer")) {
                for (Ordering ordering : Ordering.values()) {
                    String instance = random.nextBoolean() ? "" : "one";
                    grid.add(new Run(point, protocol, ordering, 1 + random.nextInt(most(point)), instance));
                }
            }
        }
        if (System.getProperty("cdp.crash.runs", "12").equals("all")) {
            return grid;
        }
        Collections.shuffle(grid, random);
        return grid.subList(0, Integer.getInteger("cdp.crash.runs", 12));
    }

    /** How often each run surely comes by. */
    private static int most(Point point) {
        return switch (point) {
            case BEFORE_ASSIGNED,
                    ASSIGNED,
                    BEFORE_COMMITTED_READ,
                    COMMITTED_READ,
                    BEFORE_REVOKED,
                    REVOKED,
                    BEFORE_LAST_COMMIT,
                    LAST_COMMIT,
                    BEFORE_CLOSE,
                    CLOSED -> 1;
            case BEFORE_COMMIT, COMMIT_SENT, COMMIT_ANSWERED, COMMIT_NOTED, RECORDS_POLLED -> 2;
            case RETRIED, DEAD_LETTERED -> 2;
            case JOB_SUBMITTED, JOB_BEGINS, JOB_REPORTED -> 4;
            case BEFORE_POLL, BEFORE_EFFECT, EFFECT, PROCESSED -> 20;
        };
    }

    @Test
    @Timeout(3_600)
    void whateverStepAProcessDiesAtItsSuccessorLosesNothing() throws Exception {
        long seed = Long.getLong("cdp.crash.seed", System.nanoTime());
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .property("group.min.session.timeout.ms", "500")
                .property("group.consumer.min.session.timeout.ms", "500")
                .property("group.consumer.session.timeout.ms", "1500")
                .property("group.consumer.min.heartbeat.interval.ms", "100")
                .property("group.consumer.heartbeat.interval.ms", "400")
                .start()) {
            Map<Run, Future<List<String>>> runs = new HashMap<>();
            grid(seed).forEach(run -> runs.put(run, threads.submit(() -> play(kafka, run))));
            Map<Run, List<String>> broken = new HashMap<>();
            for (Map.Entry<Run, Future<List<String>>> run : runs.entrySet()) {
                broken.put(run.getKey(), run.getValue().get());
            }
            broken.values().removeIf(List::isEmpty);
            assertThat(broken).as("-Dcdp.crash.seed=%d", seed).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    /** What is broken after one crash and the end of all work. */
    private List<String> play(EmbeddedKafka kafka, Run run) throws Exception {
        try (Topics topics = new Topics(kafka, PARTITIONS).withDeadLetters()) {
            for (int i = 0; i < RECORDS; i++) {
                boolean poison = i % 5 == 2;
                String value = poison ? "{}" : "{\"page_id\":\"p\",\"ordinal\":" + i + "}";
                topics.send(i % PARTITIONS, "k" + i % 6, "page_viewed", value);
            }
            topics.producer.flush();
            List<String> broken = new ArrayList<>();
            Path file = folder.resolve(topics.topic);
            int exit = child(topics, run, file);
            if (exit != CrashPoints.EXIT) {
                broken.add("the process ended with " + exit + ", and not at " + run);
            }
            List<String> before = Files.exists(file) ? Files.readAllLines(file) : List.of();
            Map<Integer, OffsetAndMetadata> committed = new HashMap<>();
            topics.committed().forEach((partition, offset) -> committed.put(partition.partition(), offset));
            Settled settled = new Settled(before, letters(topics));
            settled.checkCommitted(committed, broken);

            ConcurrentLinkedQueue<String> after = new ConcurrentLinkedQueue<>();
            try (ResilientConsumer successor = CrashMain.builder(
                            ResilientConsumer.builder(topics.catalog()),
                            topics.properties(),
                            topics.topic,
                            topics.group,
                            run.protocol,
                            run.instance,
                            run.ordering,
                            delivery -> after.add(delivery.partition() + " " + delivery.offset()))
                    .build()) {
                successor.start();
                topics.awaitLagZero();
            }
            checkRepeats(after, committed, broken);
            List<String> all = new ArrayList<>(before);
            all.addAll(after);
            new Settled(all, letters(topics)).checkAll(run.ordering, broken);
            return broken;
        }
    }

    private static int child(Topics topics, Run run, Path file) throws IOException, InterruptedException {
        Process process = ChildJvm.start(
                CrashMain.class,
                file.resolveSibling(file.getFileName() + ".log"),
                topics.kafka.bootstrapServers(),
                topics.topic,
                topics.group,
                run.protocol,
                run.ordering.name(),
                run.point.name(),
                Integer.toString(run.nth),
                file.toString(),
                run.instance);
        return ChildJvm.exit(process, 120);
    }

    private static Set<String> letters(Topics topics) {
        Set<String> letters = new HashSet<>();
        topics.read(topics.deadLetters())
                .forEach(letter -> letters.add(HandlerTest.header(letter, DeadLetterHeaders.PARTITION) + " "
                        + HandlerTest.header(letter, DeadLetterHeaders.OFFSET)));
        return letters;
    }

    private static boolean poison(int partition, long offset) {
        return (offset * PARTITIONS + partition) % 5 == 2;
    }

    private static boolean covers(OffsetAndMetadata committed, long offset) {
        try {
            return committed != null
                    && (offset < committed.offset()
                            || (!committed.metadata().isEmpty()
                                    && SettledRuns.parse(committed.metadata()).contains(offset)));
        } catch (CommitText.UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkRepeats(
            Iterable<String> after, Map<Integer, OffsetAndMetadata> committed, List<String> broken) {
        for (String effect : after) {
            String[] place = effect.split(" ", 2);
            if (covers(committed.get(Integer.parseInt(place[0])), Long.parseLong(place[1]))) {
                broken.add("I6: " + effect + " was processed again, though it was committed as settled");
            }
        }
    }

    /** Effects in their order as {@code partition offset}, and the origins of the dead letters. */
    private record Settled(List<String> effects, Set<String> letters) {

        void checkCommitted(Map<Integer, OffsetAndMetadata> committed, List<String> broken) {
            Set<String> done = new HashSet<>(effects);
            for (int i = 0; i < RECORDS; i++) {
                int partition = i % PARTITIONS;
                long offset = i / PARTITIONS;
                String place = partition + " " + offset;
                if (covers(committed.get(partition), offset)
                        && !(poison(partition, offset) ? letters : done).contains(place)) {
                    broken.add("I2, I3: " + place + " is committed and not settled");
                }
            }
        }

        void checkAll(Ordering ordering, List<String> broken) {
            Set<String> done = new TreeSet<>(effects);
            for (int i = 0; i < RECORDS; i++) {
                String place = i % PARTITIONS + " " + i / PARTITIONS;
                boolean dies = poison(i % PARTITIONS, i / PARTITIONS);
                if (done.contains(place) == dies || letters.contains(place) != dies) {
                    broken.add("I1: " + place + " was " + (done.contains(place) ? "" : "not ") + "processed and "
                            + (letters.contains(place) ? "" : "not ") + "dead-lettered");
                }
            }
            if (ordering != Ordering.NONE) {
                checkOrder(ordering, broken);
            }
        }

        private void checkOrder(Ordering ordering, List<String> broken) {
            Map<String, Long> highest = new TreeMap<>();
            for (String effect : effects.stream().distinct().toList()) {
                String[] place = effect.split(" ", 2);
                long offset = Long.parseLong(place[1]);
                long key = (offset * PARTITIONS + Integer.parseInt(place[0])) % 6;
                String lane = ordering == Ordering.KEY ? place[0] + " " + key : place[0];
                if (highest.getOrDefault(lane, -1L) > offset) {
                    broken.add("I5: " + effect + " was processed after " + highest.get(lane) + " of its lane");
                }
                highest.merge(lane, offset, Math::max);
            }
        }
    }
}
