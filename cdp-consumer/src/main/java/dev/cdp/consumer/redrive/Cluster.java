package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

import dev.cdp.core.broker.NoBrokerException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the cluster says about topics and about the group of a redrive. Not thread-safe. */
final class Cluster implements AutoCloseable {

    private static final long LOOK_AGAIN_NANOS = 200_000_000L;

    private final ClientProperties kafka;
    private final Admin admin;
    private final Map<String, Optional<Topic>> topics = new HashMap<>();

    /** What is known of a topic. */
    record Topic(UUID id, int partitions) {}

    private Cluster(ClientProperties kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
    }

    static Cluster connect(ClientProperties kafka) {
        try {
            return new Cluster(kafka, Admin.create(kafka.admin()));
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw RedriveException.unusable("the Kafka properties do not make a client: " + cause.getMessage(), e);
        }
    }

    /** A topic, if it exists; asked once. */
    Optional<Topic> topic(String name) {
        return topics.computeIfAbsent(name, this::describe);
    }

    private Optional<Topic> describe(String name) {
        try {
            TopicDescription found = await(Objects.requireNonNull(
                    admin.describeTopics(List.of(name)).topicNameValues().get(name)));
            UUID id = new UUID(
                    found.topicId().getMostSignificantBits(), found.topicId().getLeastSignificantBits());
            return Optional.of(new Topic(id, found.partitions().size()));
        } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
            return Optional.empty();
        }
    }

    /**
     * Waits until nobody is in the group, for as long as a member that was killed stays in it.
     *
     * @throws RedriveException if somebody is alive in it
     */
    void awaitEmptyGroup() {
        Duration patience = Duration.ofMillis(kafka.sessionTimeoutMs()).plusSeconds(5);
        long deadline = System.nanoTime() + patience.toNanos();
        while (members() > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw RedriveException.unusable(
                        "another redrive is running: group " + kafka.group() + " has a member; wait for it to end",
                        null);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private int members() {
        try {
            return await(Objects.requireNonNull(admin.describeConsumerGroups(List.of(kafka.group()))
                            .describedGroups()
                            .get(kafka.group())))
                    .members()
                    .size();
        } catch (GroupIdNotFoundException e) {
            return 0;
        }
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return kafka.bootstrapServers().await(future, kafka.connectTimeout().plusSeconds(1));
        } catch (NoBrokerException e) {
            throw RedriveException.interrupted(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw RedriveException.interrupted(kafka.bootstrapServers().silence(kafka.connectTimeout()), e);
            }
            if (cause instanceof UnknownTopicOrPartitionException
                    || cause instanceof InvalidTopicException
                    || cause instanceof GroupIdNotFoundException) {
                throw (KafkaException) cause;
            }
            throw RedriveException.unusable(
                    "Kafka at " + kafka.bootstrapServers() + " refuses: " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RedriveException.interrupted("interrupted while waiting for " + kafka.bootstrapServers(), e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
