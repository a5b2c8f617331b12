package dev.cdp.example.social;

import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Chance that is the same for the same seed, on every Java platform. For one thread. */
final class Dice {

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    private final Random random;

    Dice(long seed) {
        this.random = new Random(mixed(seed));
    }

    /** Seeds that lie side by side begin alike in java.util.Random; this spreads them as SplitMix64 does. */
    private static long mixed(long seed) {
        long z = seed + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0 to 1, 1 left out. */
    double fraction() {
        return random.nextDouble();
    }

    /** Both ends are possible. */
    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** An index below {@code size}: the first tenth is picked about a third of the time. */
    int skewed(int size) {
        return (int) (size * StrictMath.pow(random.nextDouble(), 2));
    }

    /** Around {@code median}, log-normal: many small values and a few large ones, none above {@code max}. */
    int longTail(int median, int max) {
        return (int) Math.min(max, Math.round(median * StrictMath.exp(random.nextGaussian())));
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** The first of them most often, the last of them least. */
    <T> T pickSkewed(List<T> choices) {
        return choices.get(skewed(choices.size()));
    }

    <E extends Enum<E>> E pickSkewed(Class<E> type) {
        return pickSkewed(List.of(type.getEnumConstants()));
    }

    /** An id of ten random letters and digits. */
    String id(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < 10; i++) {
            id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return id.toString();
    }

    /** Version 4. */
    UUID uuid() {
        long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
