package dev.cdp.core.event;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;

/**
 * Event ids: UUIDv7 for events that are born here, UUIDv8 for records that came without an id. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562">RFC 9562, sections 5.7 and 5.8</a>
 */
public final class EventIds {

    private static final int LOW_BITS = 62;
    private static final long LOW_MASK = (1L << LOW_BITS) - 1;

    private final InstantSource clock;
    private final Random random;
    private final ThreadLocal<Last> last = ThreadLocal.withInitial(Last::new);

    private EventIds(InstantSource clock, Random random) {
        this.clock = clock;
        this.random = random;
    }

    /** Ids by the system's clock. */
    public static EventIds system() {
        return new EventIds(InstantSource.system(), new SecureRandom());
    }

    /** Ids by a clock and a source of randomness, for tests that need the same ids again. */
    public static EventIds of(InstantSource clock, Random random) {
        return new EventIds(clock, random);
    }

    /**
     * A new UUIDv7: 48 bits of milliseconds since the epoch, then 74 random bits. Those of one thread ascend: within a
     * millisecond, the random bits grow by a random step (RFC 9562, section 6.2, method 2), which asks the source of
     * randomness once a millisecond and not once an id.
     */
    public String next() {
        return next(clock.millis());
    }

    /** As {@link #next()}, at a time that was looked up already, in milliseconds since the epoch. */
    public String next(long millis) {
        Last mine = last.get();
        long low = (mine.low + 1 + (mix(mine.low) >>> 32)) & LOW_MASK;
        if (millis > mine.millis || low < mine.low) {
            mine.millis = Math.max(millis, mine.millis + (low < mine.low ? 1 : 0));
            mine.high = random.nextLong() & 0x0FFFL;
            low = random.nextLong() & LOW_MASK;
        }
        mine.low = low;
        return new UUID((mine.millis << 16) | 0x7000L | mine.high, low | 0x8000_0000_0000_0000L).toString();
    }

    /** The UUIDv8 of the record at an offset: the same at every read, and different for a topic made anew. */
    public static String ofRecord(UUID topicId, int partition, long offset) {
        long high = mix(topicId.getMostSignificantBits() ^ mix(offset));
        long low = mix(topicId.getLeastSignificantBits() ^ mix(high + partition));
        return new UUID((high & ~0xF000L) | 0x8000L, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L)
                .toString();
    }

    /** The finalizer of SplitMix64, a bijection. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The last id of a thread. */
    private static final class Last {

        private long millis = Long.MIN_VALUE;
        private long high;
        private long low;
    }
}
