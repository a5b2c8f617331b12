package dev.cdp.consumer;

/**
 * What became of the records of one partition since it was assigned: every one that was read is counted once among the
 * other five.
 *
 * @param read records that came, without those that the committed metadata lists as settled by a predecessor
 * @param processed records that a handler took, or that a sink stored
 * @param deadLettered records whose dead letter is acknowledged
 * @param ignored records that were settled without handler or sink, for a reason of {@link ConsumerListener.Ignored}
 * @param retried records that were sent to a retry topic, from which they are read again
 * @param pending records that are not settled
 */
public record RecordCounts(long read, long processed, long deadLettered, long ignored, long retried, long pending) {

    /** Whether every record that was read is accounted for. */
    public boolean balanced() {
        return read == processed + deadLettered + ignored + retried + pending;
    }
}
