package dev.cdp.consumer;

import java.util.random.RandomGenerator;

/**
 * Says whose headers are weighed as soon as a record comes. Their size shows only when Kafka's client decodes them, which
 * costs as much as polling the record did; so it is one record in sixteen, and for a while every one after heavy headers
 * were found. Owner thread only.
 */
final class Scale {

    private static final int ONE_IN = 16;
    private static final long HEAVY = 4_096;
    private static final int WARY = 1_000;

    private final RandomGenerator random;
    /** How many records more are all weighed. */
    private int wary;

    Scale(RandomGenerator random) {
        this.random = random;
    }

    /** Weighs a record, or does not; the headers of the others are weighed if they have to wait. */
    void weigh(Entry entry) {
        if (wary > 0) {
            wary--;
        } else if (random.nextInt(ONE_IN) > 0) {
            return;
        }
        if (entry.weigh() > HEAVY) {
            wary = WARY;
        }
    }
}
