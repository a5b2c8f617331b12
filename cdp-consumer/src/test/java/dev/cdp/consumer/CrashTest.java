package dev.cdp.consumer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.cdp.consumer.CrashMain.Retries;
import dev.cdp.consumer.CrashPoints.Point;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that dies at any point of the path, on a real broker, and its successor: nothing is lost, nothing that was
 * committed comes again. Some of {@code points × 2 protocols × 3 orderings}, and of those with retry topics, are drawn
 * by the campaign, or all at its full size; see {@link CrashRuns}, and {@code -Dcdp.crash.seed=N} for those of before.
 */
@CdpTest
class CrashTest {

    private static final int FEW = 8;
    private static final int RECORDS = 60;
    private static final int PARTITIONS = 2;

    @TempDir
    private Path folder;

    /** With an instance id its successor has the same, and must wait for the dead one or take its place. */
    private record Run(Point point, String protocol, Ordering ordering, Retries retries, int nth, String instance) {}

    private static List<Run> grid(Random random) {
        List<Run> grid = new ArrayList<>();
        for (String protocol : List.of("classic", "consumer")) {
            for (Point point : Point.ofHandlers()) {
                for (Ordering ordering : Ordering.values()) {
                    grid.add(run(point, protocol, ordering, Retries.IN_THEIR_LANE, random));
                }
            }
            for (Point point : Point.ofRetryTopics()) {
                grid.add(run(point, protocol, Ordering.NONE, Retries.IN_A_TOPIC, random));
            }
        }
        return grid;
    }

    private static Run run(Point point, String protocol, Ordering ordering, Retries retries, Random random) {
        String instance = random.nextBoolean() ? "" : "one";
        return new Run(point, protocol, ordering, retries, 1 + random.nextInt(most(point)), instance);
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
            case JOB_SUBMITTED, JOB_BEGINS, JOB_REPORTED -> 4;
            case BEFORE_POLL, BEFORE_EFFECT, EFFECT, PROCESSED -> 20;
            default -> 2;
        };
    }

    @Test
    void aDeathBetweenEffectAndCommitOrInACommitLosesNothing(EmbeddedKafka kafka) throws Exception {
        assertThat(CrashRuns.broken(
                        kafka,
                        List.of(
                                new Run(Point.EFFECT, "classic", Ordering.KEY, Retries.IN_THEIR_LANE, 5, "one"),
                                new Run(Point.COMMIT_SENT, "consumer", Ordering.NONE, Retries.IN_THEIR_LANE, 2, "")),
                        this::play))
                .isEmpty();
    }

    @Tag("campaign")
    @Test
    void whateverStepAProcessDiesAtItsSuccessorLosesNothing(EmbeddedKafka kafka) throws Exception {
        long seed = CrashRuns.seed();
        Random random = new Random(seed);
        assertThat(CrashRuns.broken(kafka, CrashRuns.drawn(grid(random), FEW, random), this::play))
                .as("-Dcdp.crash.seed=%d", seed)
                .isEmpty();
    }

    /** What is broken after one crash and the end of all work. */
    private List<String> play(EmbeddedKafka kafka, Run run) throws Exception {
        try (Topics topics = new Topics(kafka, PARTITIONS).withDeadLetters()) {
            CrashRuns.endSessionsSoon(topics);
            for (int i = 0; i < RECORDS; i++) {
                boolean poison = i % 5 == 2;
                String value = poison ? "{}" : "{\"page_id\":\"p\",\"ordinal\":" + i + "}";
                topics.send(i % PARTITIONS, "k" + i % 6, "page_viewed", value);
            }
            topics.producer.flush();
            List<String> broken = new ArrayList<>();
            Path file = folder.resolve(topics.topic);
            try (ChildJvm child = ChildJvm.of(CrashMain.class)
                    .start(
                            kafka.bootstrapServers(),
                            topics.topic,
                            topics.group,
                            run.protocol,
                            run.ordering.name(),
                            run.point.name(),
                            Integer.toString(run.nth),
                            file.toString(),
                            run.instance,
                            run.retries.name())) {
                child.awaitReady().awaitExit(CrashPoints.EXIT);
            }
            List<String> before = Files.exists(file) ? Files.readAllLines(file) : List.of();
            Committed committed = Committed.of(topics);
            new Settled(before, letters(topics), waiting(topics, run.retries)).checkCommitted(committed, broken);

            ConcurrentLinkedQueue<String> after = new ConcurrentLinkedQueue<>();
            try (ResilientConsumer successor = CrashMain.builder(
                            ResilientConsumer.builder(topics.catalog()),
                            topics.properties(run.protocol),
                            topics.topic,
                            topics.group,
                            run.protocol,
                            run.instance,
                            run.ordering,
                            run.retries,
                            delivery -> after.add(delivery.partition() + " " + delivery.offset()))
                    .build()) {
                successor.start();
                topics.awaitLagZero();
                Await.untilAsserted(() -> assertThat(Committed.of(topics).lacking(waiting(topics, run.retries)))
                        .as("nothing waits")
                        .isEmpty());
            }
            checkRepeats(after, committed, run.retries, broken);
            List<String> all = new ArrayList<>(before);
            all.addAll(after);
            new Settled(all, letters(topics), Map.of()).checkAll(run.ordering, broken);
            return broken;
        }
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

    private static String place(int partition, long offset) {
        return partition + " " + offset;
    }

    /** What waits in the retry topic, by its place there: the place that it had at first. */
    private static Map<TopicPartition, Map<Long, String>> waiting(Topics topics, Retries where) {
        Map<TopicPartition, Map<Long, String>> waiting = new HashMap<>();
        if (where == Retries.IN_A_TOPIC) {
            String retries = RetryTopics.name(topics.group, topics.topic);
            topics.read(retries)
                    .forEach(record -> waiting.computeIfAbsent(
                                    new TopicPartition(retries, record.partition()), any -> new TreeMap<>())
                            .put(
                                    record.offset(),
                                    HandlerTest.header(record, "cdp.retry.partition") + " "
                                            + HandlerTest.header(record, "cdp.retry.offset")));
        }
        return waiting;
    }

    /** What is committed: every offset before that, and those that its metadata lists. */
    private record Committed(String topic, Map<TopicPartition, OffsetAndMetadata> offsets) {

        static Committed of(Topics topics) {
            return new Committed(topics.topic, topics.committed());
        }

        boolean covers(int partition, long offset) {
            return covers(new TopicPartition(topic, partition), offset);
        }

        boolean covers(TopicPartition partition, long offset) {
            OffsetAndMetadata committed = offsets.get(partition);
            try {
                return committed != null
                        && (offset < committed.offset()
                                || (!committed.metadata().isEmpty()
                                        && SettledRuns.parse(committed.metadata())
                                                .contains(offset)));
            } catch (CommitText.UnreadableException e) {
                throw new IllegalStateException(e);
            }
        }

        /** What waits and is not committed, by the place that it had at first. */
        Set<String> lacking(Map<TopicPartition, Map<Long, String>> waiting) {
            Set<String> lacking = new HashSet<>();
            waiting.forEach((partition, places) -> places.forEach((offset, place) -> {
                if (!covers(partition, offset)) {
                    lacking.add(place);
                }
            }));
            return lacking;
        }
    }

    private static void checkRepeats(
            Iterable<String> after, Committed committed, Retries retries, List<String> broken) {
        for (String effect : after) {
            String[] place = effect.split(" ", 2);
            int partition = Integer.parseInt(place[0]);
            long offset = Long.parseLong(place[1]);
            boolean waited = retries == Retries.IN_A_TOPIC && CrashMain.failsAtFirst(offset * PARTITIONS + partition);
            if (committed.covers(partition, offset) && !waited) {
                broken.add("I6: " + effect + " was processed again, though it was committed as settled");
            }
        }
    }

    /** Effects in their order as {@code partition offset}, the origins of dead letters, and what waits in a topic. */
    private record Settled(List<String> effects, Set<String> letters, Map<TopicPartition, Map<Long, String>> waiting) {

        void checkCommitted(Committed committed, List<String> broken) {
            Set<String> done = new HashSet<>(effects);
            Set<String> handedOver = committed.lacking(waiting);
            for (int i = 0; i < RECORDS; i++) {
                int partition = i % PARTITIONS;
                long offset = i / PARTITIONS;
                String place = place(partition, offset);
                if (committed.covers(partition, offset)
                        && !handedOver.contains(place)
                        && !(poison(partition, offset) ? letters : done).contains(place)) {
                    broken.add("I2, I3: " + place + " is committed and not settled");
                }
            }
        }

        void checkAll(Ordering ordering, List<String> broken) {
            Set<String> done = new TreeSet<>(effects);
            for (int i = 0; i < RECORDS; i++) {
                String place = place(i % PARTITIONS, i / PARTITIONS);
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
