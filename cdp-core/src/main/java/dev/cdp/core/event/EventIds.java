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

    private final InstantSource clock;
    private final Random random;

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

    /** A new UUIDv7: 48 bits of milliseconds since the epoch, then 74 random bits. */
    public String next() {
        long millis = clock.millis();
        long high = (millis << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
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
}
