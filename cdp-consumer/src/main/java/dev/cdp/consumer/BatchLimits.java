package dev.cdp.consumer;

import java.time.Duration;
import java.util.Objects;

/**
 * When the records gathered from one partition become a batch for a sink: at the first of three limits.
 *
 * @param rows records in a batch; 1 to 1,000,000
 * @param bytes bytes of keys and values in a batch, 1 to 1 GB; a single record may be larger
 * @param linger how long the first record of a batch waits for others; 0 to 10 min
 */
public record BatchLimits(int rows, long bytes, Duration linger) {

    /** 10,000 rows, 16 MB, 1 s. */
    public static final BatchLimits DEFAULT = new BatchLimits(10_000, 16L << 20, Duration.ofSeconds(1));

    /** Checks the ranges. */
    public BatchLimits {
        Objects.requireNonNull(linger, "linger");
        if (rows < 1 || rows > 1_000_000) {
            throw new IllegalArgumentException("rows must be 1 to 1000000, not " + rows);
        }
        if (bytes < 1 || bytes > 1L << 30) {
            throw new IllegalArgumentException("bytes must be 1 to " + (1L << 30) + ", not " + bytes);
        }
        if (linger.isNegative() || linger.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("linger must be 0 to 10 min, not " + linger);
        }
    }
}
