package dev.cdp.core.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class EventIdsTest {

    @Test
    void ids_are_uuids_of_version_7_that_carry_the_time() {
        Instant now = Instant.parse("2026-11-22T10:15:30.123Z");
        UUID id = UUID.fromString(EventIds.of(() -> now, new Random(1)).next());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
    }

    @Test
    void ids_of_one_thread_ascend_within_a_millisecond_and_when_the_clock_goes_back() {
        long[] clock = {1_000};
        EventIds ids = EventIds.of(() -> Instant.ofEpochMilli(clock[0]), new Random(2));
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            clock[0] += i % 100 == 50 ? -3 : i % 10 == 0 ? 1 : 0;
            made.add(ids.next());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void the_last_id_of_a_millisecond_is_followed_by_one_of_the_next() {
        // Its randomness ends at the very last id.
        Random last = new Random() {
            private int calls;

            @Override
            public long nextLong() {
                return calls++ < 2 ? -1L : 7L;
            }
        };
        EventIds ids = EventIds.of(() -> Instant.ofEpochMilli(1_000), last);

        assertThat(List.of(ids.next(), ids.next())).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void ids_of_threads_at_the_same_moment_differ() {
        EventIds ids = EventIds.system();
        List<CompletableFuture<List<String>>> threads = Stream.generate(() -> CompletableFuture.supplyAsync(() ->
                        IntStream.range(0, 20_000).mapToObj(i -> ids.next()).toList()))
                .limit(8)
                .toList();
        Set<String> all = new HashSet<>();
        threads.forEach(thread -> all.addAll(thread.join()));

        assertThat(all).hasSize(160_000);
    }
}
