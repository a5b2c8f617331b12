package dev.cdp.consumer.redrive;

/** What a redrive does with a letter, or would do. Only the first two take it out of what is left to redrive. */
public enum Disposition {
    /** Published to the topic that it came from. */
    PUBLISHED,
    /** Redriven as often as it may be: moved to the quarantine topic. */
    QUARANTINED,
    /** Today's catalog refuses it too; it stays. */
    STILL_REFUSED,
    /** Redriven as often as it may be, and there is no quarantine topic; it stays. */
    REDRIVEN_TOO_OFTEN,
    /** A pointer to a record that was too large for a letter, which is not where it points to any more; it stays. */
    ORIGINAL_GONE,
    /** It does not say which topic it came from, or that topic is gone; it stays. */
    NO_WAY_BACK,
    /** Records of the topic that it names do not go to this dead letter topic, by the catalog; it stays. */
    FOREIGN_TOPIC,
    /** It has no value: in a compacted topic its record would delete a key. It stays unless tombstones are asked for. */
    TOMBSTONE,
    /** The fix-up function threw or returned nothing; it stays. */
    NOT_FIXED,
    /** No broker will take it, because it is too large or lacks a key, for example; it stays. */
    REFUSED_BY_KAFKA;

    /** Whether the letter is done with. */
    public boolean done() {
        return this == PUBLISHED || this == QUARANTINED;
    }
}
