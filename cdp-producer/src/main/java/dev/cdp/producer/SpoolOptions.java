package dev.cdp.producer;

import java.nio.file.Path;

/** Where events wait on disk, how many bytes of them, and when they are forced onto it. */
record SpoolOptions(Path directory, long maxBytes, SpoolSync sync) {

    private static final long MIN_BYTES = 1 << 20;
    private static final long MAX_SEGMENT = 4 << 20;

    SpoolOptions {
        if (maxBytes < MIN_BYTES) {
            throw new InvalidOptionException(
                    "spool: expected maxBytes of " + MIN_BYTES + " or more, found " + maxBytes);
        }
    }

    /** The size at which a file is followed by another. */
    long segmentBytes() {
        return Math.min(MAX_SEGMENT, maxBytes / 16);
    }
}
