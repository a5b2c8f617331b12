package dev.cdp.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The way of commits to the broker: alone, or each in a transaction. Owner thread only. */
sealed interface CommitRoute permits GroupCommits, TransactionCommits {

    /** Sends a commit; the answer follows, null where it is acknowledged. */
    void send(Map<Line, OffsetAndMetadata> commit, Consumer<@Nullable Exception> answer);

    /**
     * Sends a commit and waits for its acknowledgement. Where the time is over first, the answer may follow.
     *
     * @throws org.apache.kafka.common.KafkaException if it is refused, or no answer comes in that time
     */
    void sendNow(Map<Line, OffsetAndMetadata> commit, Duration timeout, Consumer<@Nullable Exception> answer);

    /**
     * Waits for the answer of what was sent before.
     *
     * @throws org.apache.kafka.common.KafkaException if none comes in that time
     */
    void await(Duration timeout);

    /** Lets an answer come that has arrived and that {@code poll()} does not bring. */
    void hear();

    /** Whether something that was sent is not answered. */
    boolean busy();

    /** The lines of which a commit may leave now. */
    Collection<Line> open(Collection<Line> lines, long now);

    /** Whether a line waits for a topic that takes nothing at the moment. */
    boolean holdsBack(Line line);

    /** What does not answer, each with the class of the error. */
    Map<String, String> down();

    /** Sends nothing any more. */
    void close(Duration timeout);

    static Map<TopicPartition, OffsetAndMetadata> offsets(Map<Line, OffsetAndMetadata> lines) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        lines.forEach((line, offset) -> offsets.put(line.tenure().partition(), offset));
        return offsets;
    }
}
