package dev.cdp.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/** Commits by the Kafka consumer alone; {@code poll()} brings their answers. Owner thread only. */
final class GroupCommits implements CommitRoute {

    private final Consumer<byte[], byte[]> consumer;

    GroupCommits(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void send(Map<Line, OffsetAndMetadata> commit, java.util.function.Consumer<@Nullable Exception> answer) {
        consumer.commitAsync(CommitRoute.offsets(commit), (offsets, failure) -> answer.accept(failure));
    }

    @Override
    public void sendNow(
            Map<Line, OffsetAndMetadata> commit,
            Duration timeout,
            java.util.function.Consumer<@Nullable Exception> answer) {
        consumer.commitSync(CommitRoute.offsets(commit), timeout);
        answer.accept(null);
    }

    /** An empty commit returns when the one before it is answered. */
    @Override
    public void await(Duration timeout) {
        consumer.commitSync(Map.of(), timeout);
    }

    @Override
    public void hear() {
        // poll() does it.
    }

    @Override
    public boolean busy() {
        return false;
    }

    @Override
    public Collection<Line> open(Collection<Line> lines, long now) {
        return lines;
    }

    @Override
    public boolean holdsBack(Line line) {
        return false;
    }

    @Override
    public Map<String, String> down() {
        return Map.of();
    }

    @Override
    public void close(Duration timeout) {
        // The consumer is closed by its owner.
    }
}
