package dev.cdp.consumer;

/**
 * When so many records of one event on one partition are dead letters that it is rather the catalog or the handler that
 * is wrong: the partition then stops until {@link ResilientConsumer#release()}, or until a fixed catalog comes by
 * {@link ResilientConsumer#replaceCatalog} or a new start. What workers are at is still dead-lettered.
 *
 * @param consecutive so many in a row; 1 to 1,000,000
 * @param share so large a share of the last {@code window} records, above 0 to 1
 * @param window the records that the share is of, once there are so many; 1 to 1,000,000
 */
public record DeadLetterLimit(int consecutive, double share, int window) {

    /** 1,000 in a row, or nine tenths of the last 10,000. */
    public static final DeadLetterLimit DEFAULT = new DeadLetterLimit(1_000, 0.9, 10_000);

    private static final int MOST = 1_000_000;

    /** Checks the ranges. */
    public DeadLetterLimit {
        if (consecutive < 1 || consecutive > MOST) {
            throw new IllegalArgumentException("consecutive must be 1 to " + MOST + ", not " + consecutive);
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be above 0 to 1, not " + share);
        }
        if (window < 1 || window > MOST) {
            throw new IllegalArgumentException("window must be 1 to " + MOST + ", not " + window);
        }
    }
}
