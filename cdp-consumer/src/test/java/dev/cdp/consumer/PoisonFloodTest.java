package dev.cdp.consumer;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.embedded.Await;
import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.ChildJvm;
import dev.cdp.embedded.EmbeddedKafka;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing but poison at full speed, then one in ten, through a consumer with a heap of 128 MB. 20,000 records of each
 * by default and 1,000,000 at the full size; {@code -Dcdp.flood.records=} sets another number. It prints how much of its
 * pace is left.
 */
@CdpTest
@Tag("campaign")
class PoisonFloodTest {

    private static final int RECORDS =
            Integer.getInteger("cdp.flood.records", Boolean.getBoolean("cdp.campaigns.full") ? 1_000_000 : 20_000);

    @Test
    void allOfItIsDeadLetteredAndTheHeapStaysFlat(EmbeddedKafka kafka) throws Exception {
        try (Topics flood = filled(kafka, 1);
                Topics mixed = filled(kafka, 10);
                Topics clean = filled(kafka, Integer.MAX_VALUE)) {
            Map<String, Result> results = new HashMap<>();
            try (ChildJvm child = ChildJvm.of(Consuming.class)
                    .jvmOption("-XX:TieredStopAtLevel=4")
                    .jvmOption("-Dcdp.flood.records=" + RECORDS)
                    .start(kafka.bootstrapServers(), flood.topic, clean.topic, mixed.topic)) {
                child.awaitReady();
                for (Topics topics : List.of(flood, clean, mixed)) {
                    for (int tenth = 1; tenth <= 10; tenth++) {
                        child.awaitOutput("consumed " + tenth + "/10 of " + topics.topic);
                    }
                    results.put(topics.topic, Result.parse(child.awaitOutput(topics.topic)));
                }
                child.awaitExit(0);
            }
            print(results, flood.topic, mixed.topic, clean.topic);
            assertThat(results.get(flood.topic)).satisfies(result -> {
                assertThat(result.letters).isEqualTo(RECORDS);
                assertThat(result.heapLate)
                        .as(
                                "heap in use after a collection: at a tenth %s, at the end %s",
                                result.heapEarly, result.heapLate)
                        .isLessThan(result.heapEarly + (24 << 20));
            });
            assertThat(results.get(mixed.topic).letters).isEqualTo(RECORDS / 10);
            assertThat(results.get(mixed.topic).processed).isEqualTo(RECORDS - RECORDS / 10);
            assertThat(results.get(clean.topic).processed).isEqualTo(RECORDS);
            assertThat(flood.size(flood.deadLetters())).isEqualTo(RECORDS);
            assertThat(mixed.size(mixed.deadLetters())).isEqualTo(RECORDS / 10);
        }
    }

    /** A topic of which every n-th record is poison of one kind or another. */
    private static Topics filled(EmbeddedKafka kafka, int poisonEvery) {
        Topics topics = new Topics(kafka, 3).withDeadLetters();
        List<String> poison = List.of("{\"test\":\"connection_test\"}", "no json", "{\"page_id\":1,\"ordinal\":-1}");
        for (int i = 1; i <= RECORDS; i++) {
            if (i % poisonEvery == 0) {
                topics.send(i % 3, "k" + i, "page_viewed", poison.get((i / poisonEvery) % poison.size()));
            } else {
                topics.publish(i % 3, i % 1_000_000);
            }
        }
        topics.producer.flush();
        return topics;
    }

    private record Result(long processed, long letters, long millis, long heapEarly, long heapLate) {

        static Result parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Result(
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]));
        }
    }

    @SuppressWarnings("SystemOut") // a measurement, for whoever ran it
    private static void print(Map<String, Result> results, String flood, String mixed, String clean) {
        double cleanRate = RECORDS * 1e3 / results.get(clean).millis;
        double healthyRate = results.get(mixed).processed * 1e3 / results.get(mixed).millis;
        System.out.printf(
                Locale.ROOT,
                "poison flood, %,d records each at -Xmx128m: all poison %,.0f/s; clean %,.0f/s; healthy with 10 %% poison"
                        + " %,.0f/s, ratio %.2f; heap after collection %d MB at a tenth, %d MB at the end%n",
                RECORDS,
                RECORDS * 1e3 / results.get(flood).millis,
                cleanRate,
                healthyRate,
                healthyRate / cleanRate,
                results.get(flood).heapEarly >> 20,
                results.get(flood).heapLate >> 20);
    }

    /** Consumes one topic after the other to its end, and prints a line for each. */
    static final class Consuming {

        private Consuming() {}

        @SuppressWarnings("SystemOut") // its parent reads it
        public static void main(String[] args) throws Exception {
            ChildJvm.announceReady();
            for (String topic : new ArrayList<>(List.of(args)).subList(1, args.length)) {
                System.out.println(topic + " " + consume(args[0], topic));
            }
            System.exit(0);
        }

        @SuppressWarnings("SystemOut") // its parent waits for it
        private static String consume(String bootstrapServers, String topic) {
            AtomicLong processed = new AtomicLong();
            AtomicLong letters = new AtomicLong();
            try (ResilientConsumer consumer = ResilientConsumer.builder(Topics.catalog(topic, "enforce"))
                    .kafka(Map.of("bootstrap.servers", bootstrapServers))
                    .group("g-" + topic)
                    .topics(topic)
                    .connectTimeout(Await.LIMIT)
                    .noDeadLetterLimit()
                    .bufferedBytes(16 << 20)
                    .handle(Topics.PageViewed.class, (event, delivery) -> processed.incrementAndGet())
                    .listener(new ConsumerListener() {
                        @Override
                        public void deadLettered(Delivery delivery, String event, DeadLetterReason reason) {
                            letters.incrementAndGet();
                        }
                    })
                    .build()) {
                long start = System.nanoTime();
                consumer.start();
                long early = 0;
                for (int tenth = 1; tenth <= 10; tenth++) {
                    long count = (long) RECORDS * tenth / 10;
                    await(() -> processed.get() + letters.get() >= count);
                    early = tenth == 1 ? heap() : early;
                    System.out.println("consumed " + tenth + "/10 of " + topic);
                }
                long millis = (System.nanoTime() - start) / 1_000_000;
                return processed + " " + letters + " " + millis + " " + early + " " + heap();
            }
        }

        private static void await(java.util.function.BooleanSupplier condition) {
            while (!condition.getAsBoolean()) {
                LockSupport.parkNanos(5_000_000L);
            }
        }

        private static long heap() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
    }
}
