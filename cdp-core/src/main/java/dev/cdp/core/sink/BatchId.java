package dev.cdp.core.sink;

import java.util.UUID;

/**
 * Names a batch so that it is the same batch whenever and by whomever it is written again.
 *
 * @param topic the topic
 * @param topicId the topic's id; another one for a topic made anew under the same name
 * @param partition the partition
 * @param firstOffset the first offset that it covers
 * @param endOffset the offset after the last one that it covers
 * @param replay the number that a user raises when rows are wanted again, else 0
 */
public record BatchId(String topic, UUID topicId, int partition, long firstOffset, long endOffset, int replay) {

    /** {@code topic-partition@[first,end)}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@[" + firstOffset + "," + endOffset + ")" + (replay == 0 ? "" : "#" + replay);
    }
}
