package dev.cdp.consumer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.cdp.consumer.CrashPoints.Point;
import dev.cdp.consumer.FileSink.Stored;
import dev.cdp.consumer.SinkCrashMain.Mishap;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process with a sink that dies, or stands still until another has taken over, at any point of the way of a planned
 * batch: every record ends as one row or as a dead letter. A few of {@code points × 2 protocols} are drawn by the
 * campaign, or all at its full size; see {@link CrashRuns}, and {@code -Dcdp.crash.seed=N} for those of before.
 */
@CdpTest
class SinkCrashTest {

    static final int PARTITIONS = 2;
    private static final int FEW = 6;
    private static final int FEW_ZOMBIES = 2;
    private static final int RECORDS = 60;

    @TempDir
    private Path folder;

    private record Run(Point point, String protocol, int nth) {}

    private static List<Run> grid(Random random) {
        List<Run> grid = new ArrayList<>();
        for (String protocol : List.of("classic", "consumer")) {
            Point.ofSinks().forEach(point -> grid.add(new Run(point, protocol, 1 + random.nextInt(most(point)))));
        }
        return grid;
    }

    /** How often each run surely comes by. */
    private static int most(Point point) {
        return switch (point) {
            case BEFORE_PLAN, PLAN_SENT, PLAN_ANSWERED, PLAN_NOTED -> 3;
            case BEFORE_WRITE, HALF_WRITTEN, WRITTEN, DEAD_LETTERED, LETTER_ACKNOWLEDGED, BEFORE_LETTER -> 4;
            case BEFORE_END, END_SENT, END_ANSWERED, END_NOTED -> 2;
            case BEFORE_COMMIT, COMMIT_SENT, COMMIT_ANSWERED, COMMIT_NOTED -> 4;
            case JOB_SUBMITTED, JOB_BEGINS, JOB_REPORTED -> 8;
            case BEFORE_POLL -> 20;
            default -> 1;
        };
    }

    @Test
    void aDeathAfterTheWriteOrAfterTheCommitLeftStoresEveryRecordOnce(EmbeddedKafka kafka) throws Exception {
        assertThat(CrashRuns.broken(
                        kafka,
                        List.of(new Run(Point.WRITTEN, "classic", 2), new Run(Point.COMMIT_SENT, "consumer", 2)),
                        this::die))
                .isEmpty();
    }

    @Tag("campaign")
    @Test
    void whateverStepAProcessDiesAtItsSuccessorStoresEveryRecordOnce(EmbeddedKafka kafka) throws Exception {
        long seed = CrashRuns.seed();
        Random random = new Random(seed);
        assertThat(CrashRuns.broken(kafka, CrashRuns.drawn(grid(random), FEW, random), this::die))
                .as("-Dcdp.crash.seed=%d", seed)
                .isEmpty();
    }

    /** What is broken after one crash and the end of all work. */
    private List<String> die(EmbeddedKafka kafka, Run run) throws Exception {
        try (Topics topics = new Topics(kafka, PARTITIONS).withDeadLetters()) {
            CrashRuns.endSessionsSoon(topics);
            publish(topics, 0, RECORDS);
            Path store = Files.createDirectory(folder.resolve(topics.topic));
            List<String> broken = new ArrayList<>();
            try (ChildJvm child = ChildJvm.of(SinkCrashMain.class).start(arguments(topics, run, Mishap.DIES, store))) {
                child.awaitReady().awaitExit(CrashPoints.EXIT);
            }
            Map<Integer, OffsetAndMetadata> committed = committed(topics);
            new Books(FileSink.stored(store), letters(topics)).checkCommitted(committed, broken);
            List<Stored> planned = planned(committed);

            Ascent ascent = new Ascent(committed);
            try (ResilientConsumer successor = consumer(topics, run.protocol, store, ascent)) {
                successor.start();
                topics.awaitLagZero();
            }
            broken.addAll(ascent.descents);
            Books books = new Books(FileSink.stored(store), letters(topics));
            books.checkAll(RECORDS, broken);
            books.checkPlanned(planned, broken);
            checkAsked(store, broken);
            return broken;
        }
    }

    /** A zombie that writes and commits after its twin, who has finished all of its work. */
    @Tag("campaign")
    @Test
    void aZombieThatWakesUpAfterItsTwinHasTakenOverStoresNothingTwice(EmbeddedKafka kafka) throws Exception {
        List<Run> runs = new ArrayList<>();
        for (String protocol : List.of("classic", "consumer")) {
            for (Point point : List.of(Point.BEFORE_WRITE, Point.HALF_WRITTEN, Point.BEFORE_END)) {
                runs.add(new Run(point, protocol, 2));
            }
        }
        long seed = CrashRuns.seed();
        assertThat(CrashRuns.broken(kafka, CrashRuns.drawn(runs, FEW_ZOMBIES, new Random(seed)), this::standStill))
                .as("-Dcdp.crash.seed=%d", seed)
                .isEmpty();
    }

    private List<String> standStill(EmbeddedKafka kafka, Run run) throws Exception {
        try (Topics topics = new Topics(kafka, PARTITIONS).withDeadLetters()) {
            CrashRuns.endSessionsSoon(topics);
            publish(topics, 0, RECORDS);
            Path store = Files.createDirectory(folder.resolve(topics.topic));
            List<String> broken = new ArrayList<>();
            try (ChildJvm zombie =
                    ChildJvm.of(SinkCrashMain.class).start(arguments(topics, run, Mishap.STANDS_STILL, store))) {
                zombie.awaitReady().awaitOutput(SinkCrashMain.STANDS_STILL);
                zombie.pause();
                Ascent ascent = new Ascent(committed(topics));
                try (ResilientConsumer twin = consumer(topics, run.protocol, store, ascent)) {
                    twin.start();
                    topics.awaitLagZero();
                    Files.createFile(store.resolve(SinkCrashMain.GO));
                    zombie.resume();
                    Await.untilAsserted(() -> assertThat(asked(store))
                            .as("one batch is written by both")
                            .satisfies(names -> assertThat(new HashSet<>(names)).hasSizeLessThan(names.size())));
                }
                // Nobody else is there: the zombie has joined again, and does the rest.
                publish(topics, RECORDS, 2 * RECORDS);
                topics.awaitLagZero();
                broken.addAll(ascent.descents);
                new Books(FileSink.stored(store), letters(topics)).checkAll(2 * RECORDS, broken);
                checkAsked(store, broken);
                return broken;
            }
        }
    }

    private static List<String> asked(Path store) {
        return FileSink.asked(store).stream().map(Stored::name).toList();
    }

    private static String[] arguments(Topics topics, Run run, Mishap mishap, Path store) {
        return new String[] {
            topics.kafka.bootstrapServers(),
            topics.topic,
            topics.group,
            run.protocol,
            mishap.name(),
            run.point.name(),
            Integer.toString(run.nth),
            store.toString()
        };
    }

    private static ResilientConsumer consumer(Topics topics, String protocol, Path store, ConsumerListener listener) {
        return SinkCrashMain.builder(
                        ResilientConsumer.builder(topics.catalog()),
                        topics.properties(protocol),
                        topics.topic,
                        topics.group,
                        protocol)
                .sink(new FileSink(store, new CrashPoints(Point.CLOSED, 0)))
                .listener(listener)
                .build();
    }

    private static void publish(Topics topics, int from, int to) {
        for (int i = from; i < to; i++) {
            String value = poison(i) ? "{}" : "{\"page_id\":\"p\",\"ordinal\":" + i + "}";
            topics.send(i % PARTITIONS, "k" + i % 6, "page_viewed", value);
        }
        topics.producer.flush();
    }

    private static boolean poison(int ordinal) {
        return ordinal % 5 == 2;
    }

    private static boolean dies(int ordinal) {
        return poison(ordinal) || FileSink.rejects(ordinal % PARTITIONS, ordinal / PARTITIONS);
    }

    private static String place(int partition, long offset) {
        return partition + "@" + offset;
    }

    private static Map<Integer, OffsetAndMetadata> committed(Topics topics) {
        Map<Integer, OffsetAndMetadata> committed = new HashMap<>();
        topics.committed().forEach((partition, offset) -> committed.put(partition.partition(), offset));
        return committed;
    }

    /** The batches that commits have left open, without their rows. */
    private static List<Stored> planned(Map<Integer, OffsetAndMetadata> committed) {
        List<Stored> planned = new ArrayList<>();
        committed.forEach((partition, offset) -> CrashPoints.plan(offset)
                .filter(Envelope::open)
                .ifPresent(plan -> planned.add(new Stored(partition, plan.first(), plan.end(), List.of()))));
        return planned;
    }

    private static Set<String> letters(Topics topics) {
        Set<String> letters = new HashSet<>();
        topics.read(topics.deadLetters())
                .forEach(letter -> letters.add(HandlerTest.header(letter, DeadLetterHeaders.PARTITION) + "@"
                        + HandlerTest.header(letter, DeadLetterHeaders.OFFSET)));
        return letters;
    }

    /** I10: an id always means the same rows. */
    private static void checkAsked(Path store, List<String> broken) {
        Map<String, Stored> first = new HashMap<>();
        for (Stored asked : FileSink.asked(store)) {
            Stored before = first.putIfAbsent(asked.name(), asked);
            if (before != null && !before.equals(asked)) {
                broken.add("I10: " + asked + " was " + before + " before");
            }
        }
    }

    /** I4: notes where a committed offset goes back. */
    private static final class Ascent implements ConsumerListener {

        private final Map<Integer, Long> highest = new HashMap<>();
        private final Queue<String> descents = new ConcurrentLinkedQueue<>();

        private Ascent(Map<Integer, OffsetAndMetadata> committed) {
            committed.forEach((partition, offset) -> highest.put(partition, offset.offset()));
        }

        @Override
        public void committed(String topic, int partition, long offset) {
            long before = highest.getOrDefault(partition, 0L);
            if (offset < before) {
                descents.add("I4: partition " + partition + " goes back from " + before + " to " + offset);
            }
            highest.merge(partition, offset, Math::max);
        }
    }

    /** What is stored, and the origins of the dead letters. */
    private record Books(List<Stored> batches, Set<String> letters) {

        /** Rows of all batches, and what is wrong with them. */
        private Set<String> rows(List<String> broken) {
            Set<String> rows = new HashSet<>();
            for (Stored batch : batches) {
                for (long offset : batch.offsets()) {
                    if (!rows.add(place(batch.partition(), offset))) {
                        broken.add("I9: " + place(batch.partition(), offset) + " is stored twice, in " + batch.name());
                    }
                }
            }
            return rows;
        }

        void checkCommitted(Map<Integer, OffsetAndMetadata> committed, List<String> broken) {
            Set<String> rows = rows(broken);
            for (int i = 0; i < RECORDS; i++) {
                int partition = i % PARTITIONS;
                OffsetAndMetadata offset = committed.get(partition);
                String place = place(partition, i / PARTITIONS);
                if (offset != null && i / PARTITIONS < offset.offset() && !(dies(i) ? letters : rows).contains(place)) {
                    broken.add("I2, I3: " + place + " is committed and not settled");
                }
            }
            for (Stored batch : batches) {
                OffsetAndMetadata offset = committed.get(batch.partition());
                Optional<Envelope> plan = offset == null ? Optional.empty() : CrashPoints.plan(offset);
                if (plan.isEmpty()
                        || (offset.offset() < batch.end()
                                && (offset.offset() != batch.first()
                                        || plan.get().end() != batch.end()))) {
                    broken.add("I9: " + batch.name() + " is stored and its plan not committed");
                }
            }
        }

        void checkAll(int records, List<String> broken) {
            Set<String> rows = rows(broken);
            Set<String> neither = new TreeSet<>();
            for (int i = 0; i < records; i++) {
                String place = place(i % PARTITIONS, i / PARTITIONS);
                if (rows.contains(place) == dies(i) || letters.contains(place) != dies(i)) {
                    neither.add(place);
                }
            }
            if (!neither.isEmpty()) {
                broken.add("I1: " + neither + " are not in exactly one of rows and dead letters, where they belong");
            }
            if (rows.size() + letters.size() != records) {
                broken.add("I9: " + rows.size() + " rows and " + letters.size() + " origins of letters of " + records
                        + " records");
            }
        }

        /** Whoever resumes from a plan writes that batch. */
        void checkPlanned(List<Stored> planned, List<String> broken) {
            for (Stored plan : planned) {
                if (batches.stream().noneMatch(batch -> batch.name().equals(plan.name()))) {
                    broken.add("I9: " + plan.name() + " was planned, and another batch was stored");
                }
            }
        }
    }
}
