package dev.cdp.consumer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.cdp.consumer.StormMember.Delivered;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Six consumers of one group come, go and are killed while records are published: none is lost, and each key's records
 * are first delivered in the order of the log. It prints how many came twice. 10 s for each group protocol by default,
 * 120 s with 200,000 records at the full size; {@code -Dcdp.storm.seconds=} and {@code -Dcdp.storm.records=} set others.
 */
@Tag("campaign")
class StormTest {

    private static final boolean FULL = Boolean.getBoolean("cdp.campaigns.full");
    private static final int SECONDS = Integer.getInteger("cdp.storm.seconds", FULL ? 120 : 10);
    private static final int RECORDS = Integer.getInteger("cdp.storm.records", FULL ? 200_000 : 20_000);
    private static final int PARTITIONS = 6;
    private static final int MEMBERS = 6;
    /** Keys of a partition, and every how manieth record is poison. */
    private static final int KEYS = 50;

    private static final int POISON = 101;

    private static EmbeddedKafka kafka;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.builder()
                .property("group.min.session.timeout.ms", "500")
                .property("group.consumer.min.session.timeout.ms", "500")
                .property("group.consumer.session.timeout.ms", "3000")
                .property("group.consumer.min.heartbeat.interval.ms", "100")
                .property("group.consumer.heartbeat.interval.ms", "500")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void consumersComeGoAndDieAndNoRecordIsLostOrOvertaken(String protocol) throws Exception {
        try (Topics topics = new Topics(kafka, PARTITIONS).withDeadLetters()) {
            Storm storm = new Storm(new StormMember.Group(
                    topics.catalog(), kafka.bootstrapServers(), topics.topic, topics.group, protocol));
            storm.rage(topics);
            Set<String> letters = new HashSet<>();
            topics.read(topics.deadLetters())
                    .forEach(letter -> letters.add(HandlerTest.header(letter, DeadLetterHeaders.PARTITION) + " "
                            + HandlerTest.header(letter, DeadLetterHeaders.OFFSET)));
            storm.check(protocol, letters);
        }
    }

    private static boolean poison(long offset) {
        return offset % POISON == 7;
    }

    private final class Storm {

        private final StormMember.Group group;
        private final Random random = new Random();
        private final List<StormMember> alive = new ArrayList<>();
        private final List<StormMember> all = new ArrayList<>();
        private final List<Future<?>> endings = new ArrayList<>();
        private int kills;

        private Storm(StormMember.Group group) {
            this.group = group;
        }

        /** Publishes evenly while members come and go; returns when all that was published is settled. */
        private void rage(Topics topics) throws Exception {
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                for (int i = 0; i < MEMBERS; i++) {
                    join();
                }
                Future<?> publishing = threads.submit(() -> publish(topics));
                while (!publishing.isDone()) {
                    LockSupport.parkNanos(500_000_000L + random.nextInt(500_000_000));
                    if (alive.size() < MEMBERS) {
                        join();
                    } else {
                        StormMember goes = alive.remove(random.nextInt(alive.size()));
                        boolean dies = random.nextInt(5) < 2;
                        kills += dies ? 1 : 0;
                        endings.add(threads.submit(dies ? goes::kill : goes::leave));
                    }
                }
                publishing.get();
                topics.awaitLagZero();
                alive.forEach(member -> endings.add(threads.submit(member::leave)));
                for (Future<?> ending : endings) {
                    ending.get();
                }
            } finally {
                threads.shutdown();
            }
        }

        /** Two of three in processes of their own. */
        private void join() throws IOException {
            Path file = folder.resolve("member-" + all.size());
            StormMember member = all.size() % 3 == 0 ? StormMember.here(group, file) : StormMember.child(group, file);
            all.add(member);
            alive.add(member);
        }

        private void publish(Topics topics) {
            long begin = System.nanoTime();
            for (int i = 0; i < RECORDS; i++) {
                long offset = i / PARTITIONS;
                String value = poison(offset) ? "{}" : "{\"page_id\":\"p\",\"ordinal\":" + i + "}";
                topics.send(i % PARTITIONS, "k" + offset % KEYS, "page_viewed", value);
                long due = begin + (long) (SECONDS * 1e9 / RECORDS * i);
                while (System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            topics.producer.flush();
        }

        private void check(String protocol, Set<String> letters) throws IOException {
            List<Delivered> delivered = new ArrayList<>();
            Set<Delivered> byKilled = new HashSet<>();
            for (StormMember member : all) {
                delivered.addAll(member.delivered());
                if (member.killed()) {
                    byKilled.addAll(member.delivered());
                }
            }
            delivered.sort(Comparator.comparingLong(Delivered::nanos));
            Map<String, Delivered> first = new HashMap<>();
            Map<String, Long> highest = new HashMap<>();
            List<String> overtaken = new ArrayList<>();
            int repeats = 0;
            int repeatsOfTheLiving = 0;
            for (Delivered one : delivered) {
                Delivered before = first.putIfAbsent(one.partition() + " " + one.offset(), one);
                if (before != null) {
                    repeats++;
                    repeatsOfTheLiving += byKilled.contains(before) ? 0 : 1;
                    continue;
                }
                String key = one.partition() + " " + one.offset() % KEYS;
                if (highest.getOrDefault(key, -1L) > one.offset()) {
                    overtaken.add(key + ": " + one.offset() + " after " + highest.get(key));
                }
                highest.merge(key, one.offset(), Math::max);
            }
            print(protocol, repeats, repeatsOfTheLiving);
            assertThat(lost(first.keySet(), letters))
                    .as("neither delivered nor dead-lettered")
                    .isEmpty();
            assertThat(overtaken)
                    .as("first delivered after a later one of their key")
                    .isEmpty();
        }

        private List<String> lost(Set<String> delivered, Set<String> letters) {
            return IntStream.range(0, RECORDS)
                    .filter(i -> {
                        Set<String> where = poison(i / PARTITIONS) ? letters : delivered;
                        return !where.contains(i % PARTITIONS + " " + i / PARTITIONS);
                    })
                    .mapToObj(i -> i % PARTITIONS + " " + i / PARTITIONS)
                    .toList();
        }

        @SuppressWarnings("SystemOut") // a measurement, for whoever ran it
        private void print(String protocol, int repeats, int repeatsOfTheLiving) {
            System.out.printf(
                    Locale.ROOT,
                    "storm, %s protocol, %,d records in %d s: %d consumers, %d of them killed; %,d delivered twice"
                            + " (%.2f %%), %,d of them after members that were not killed%n",
                    protocol,
                    RECORDS,
                    SECONDS,
                    all.size(),
                    kills,
                    repeats,
                    100.0 * repeats / RECORDS,
                    repeatsOfTheLiving);
        }
    }
}
