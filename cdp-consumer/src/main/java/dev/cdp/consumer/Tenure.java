package dev.cdp.consumer;

import java.util.UUID;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One stretch of ownership of a partition, from its assignment to its revocation: the epoch that outcomes belong to.
 * Owner thread only, except {@link #starting()}.
 */
final class Tenure {

    private final TopicPartition partition;
    private @Nullable Tenure before;
    private @Nullable UUID topicId;
    private int running;
    private volatile boolean active = true;
    private volatile boolean starting = true;

    /**
     * A new stretch.
     *
     * @param before the one before it in this process, of which a worker may still run
     */
    Tenure(TopicPartition partition, @Nullable Tenure before) {
        this.partition = partition;
        this.before = before;
    }

    TopicPartition partition() {
        return partition;
    }

    void topicId(UUID id) {
        topicId = id;
    }

    UUID topicId() {
        UUID id = topicId;
        if (id == null) {
            throw new IllegalStateException("the id of " + partition.topic() + " is not known yet");
        }
        return id;
    }

    /** Whether the partition is still ours, so that outcomes count. */
    boolean active() {
        return active;
    }

    /** Whether new records may be touched; asked by workers before each. */
    boolean starting() {
        return starting;
    }

    /** Starts nothing new; outcomes of what runs still count. */
    void stopStarting() {
        starting = false;
    }

    /** The partition is not ours any more. */
    void end() {
        starting = false;
        active = false;
    }

    /** Whether work may start: two stretches of one partition never run at the same time. */
    boolean mayStart() {
        Tenure earlier = before;
        if (earlier != null && earlier.quiet()) {
            before = null;
            earlier = null;
        }
        return starting && earlier == null;
    }

    /** Whether no worker runs for it, nor for a stretch before it. */
    private boolean quiet() {
        return running == 0 && (before == null || before.quiet());
    }

    int running() {
        return running;
    }

    void started() {
        running++;
    }

    void ended() {
        running--;
    }
}
