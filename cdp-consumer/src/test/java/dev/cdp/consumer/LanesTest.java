package dev.cdp.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is held counts with all its bytes, although headers are weighed late: else memory would have no bound. */
class LanesTest {

    private static final long MOMENT = 25_000_000L;

    /** It never weighs a record by chance. */
    private static final Random NEVER = new Random() {
        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }
    };

    @Test
    void headersOfWhatWaitsCountAtTheSecondLookAndThoseThatAWorkerHasWhenTheyComeBack() {
        Lanes lanes = new Lanes(Ordering.PARTITION, 1, new Scale(NEVER));
        List<Entry> entries = Stream.generate(() -> entry(0, "a", 100)).limit(3).toList();
        lanes.enqueue(entries.get(0), 0, 0);
        Lanes.Run run = lanes.next(0, 1);
        lanes.enqueue(entries.get(1), 0, 0);
        lanes.enqueue(entries.get(2), 0, 0);
        assertThat(run.entries()).containsExactly(entries.get(0));
        assertThat(lanes.bytes()).as("keys and values").isEqualTo(3 * 11);
        lanes.weigh(MOMENT);
        assertThat(lanes.bytes()).isEqualTo(3 * 11);
        lanes.weigh(MOMENT + 1);
        assertThat(lanes.bytes()).as("a moment later only").isEqualTo(3 * 11);
        lanes.weigh(2 * MOMENT);
        assertThat(lanes.bytes()).as("a worker has the first").isEqualTo(3 * 11 + 2 * 101);
        lanes.free(entries.get(0), 0, 0);
        lanes.weigh(3 * MOMENT);
        lanes.weigh(4 * MOMENT);
        assertThat(lanes.bytes()).isEqualTo(3 * (11 + 101));
    }

    @Test
    void afterHeavyHeadersWereFoundEveryRecordIsWeighedAsItComes() {
        Random first = new Random() {
            private boolean asked;

            @Override
            public int nextInt(int bound) {
                boolean again = asked;
                asked = true;
                return again ? bound - 1 : 0;
            }
        };
        Lanes lanes = new Lanes(Ordering.KEY, 1, new Scale(first));
        lanes.enqueue(entry(0, "a", 1 << 20), 0, 0);
        lanes.enqueue(entry(1, "b", 1 << 20), 0, 0);
        lanes.enqueue(entry(2, "a", 1 << 20), 0, 0);
        assertThat(lanes.bytes()).isEqualTo(3 * (11 + 1 + (1 << 20)));
    }

    /** Else the bound would shrink or grow with time. */
    @Property(tries = 200)
    void whateverBecomesOfRecordsNothingIsHeldInTheEnd(
            @ForAll long seed, @ForAll Ordering ordering, @ForAll @IntRange(min = 1, max = 60) int records) {
        Random random = new Random(seed);
        Lanes lanes = new Lanes(ordering, 1, new Scale(random));
        List<Lanes.Run> runs = new ArrayList<>();
        long now = 0;
        int sent = 0;
        while (sent < records || lanes.records() > 0 || !runs.isEmpty()) {
            now += random.nextInt((int) MOMENT);
            if (sent < records && random.nextBoolean()) {
                lanes.enqueue(entry(sent++, "k" + random.nextInt(3), random.nextInt(6_000)), now, now);
            }
            Lanes.Run run = lanes.next(now, 1 + random.nextInt(3));
            if (run != null) {
                runs.add(run);
            }
            if (!runs.isEmpty() && random.nextBoolean()) {
                Lanes.Run ended = runs.remove(random.nextInt(runs.size()));
                int done = random.nextInt(ended.entries().size() + 1);
                ended.entries().subList(0, done).forEach(lanes::remove);
                Entry last = ended.entries().get(Math.min(done, ended.entries().size() - 1));
                lanes.free(last, now + random.nextInt(3), now);
            }
            lanes.weigh(now);
        }
        assertThat(lanes.bytes()).isZero();
        assertThat(lanes.records()).isZero();
    }

    /** Eleven bytes of key and value, and a header of so many and a name of one. */
    private static Entry entry(long offset, String key, int header) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add("h", new byte[header]);
        return new Entry(new ConsumerRecord<>(
                "t",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                keyBytes.length,
                11 - keyBytes.length,
                keyBytes,
                new byte[11 - keyBytes.length],
                headers,
                Optional.empty()));
    }
}
