package dev.cdp.consumer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is committed, and the one commit that is under way. Offsets never go back; a commit that got no answer is read
 * back before the next one leaves, because it may still arrive. Owner thread only.
 */
final class Committer {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final Duration READ_BACK = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 100_000_000L;

    private final Consumer<byte[], byte[]> consumer;
    private final CommitRoute route;
    private final long intervalNanos;
    private final int everyRecords;
    private final Listeners listeners;
    private final InstantSource clock;
    private final Map<TopicPartition, OffsetAndMetadata> acknowledged = new HashMap<>();
    /** Sent and not answered: by line, so that the answer for a tenure that ended changes nothing. */
    private @Nullable Map<Line, OffsetAndMetadata> underWay;
    /** Sent, and it is not known whether they arrived or will. */
    private final Map<Line, OffsetAndMetadata> unknown = new LinkedHashMap<>();
    /** Unknown, and reading back did not find them: only leaving the group keeps them from arriving later. */
    private final Set<TopicPartition> unsettled = new HashSet<>();

    private long dueAt;
    private int settled;
    private long notBefore;
    private @Nullable Instant lastCommit;

    Committer(
            Consumer<byte[], byte[]> consumer,
            CommitRoute route,
            Pace pace,
            Listeners listeners,
            InstantSource clock,
            long now) {
        this.consumer = consumer;
        this.route = route;
        this.intervalNanos = pace.interval().toNanos();
        this.everyRecords = pace.records();
        this.listeners = listeners;
        this.clock = clock;
        this.dueAt = now + intervalNanos;
        this.notBefore = now;
    }

    /** How often is committed: at the first of two limits. */
    record Pace(Duration interval, int records) {}

    /** Notes that a record was settled. */
    void settled() {
        settled++;
    }

    /** Notes what was read as committed when a partition was assigned. */
    void restored(TopicPartition partition, OffsetAndMetadata committed) {
        acknowledged.put(partition, committed);
    }

    /** Forgets partitions that are not ours any more. */
    void forget(Collection<TopicPartition> partitions) {
        acknowledged.keySet().removeAll(partitions);
        unknown.keySet().removeIf(line -> partitions.contains(line.tenure().partition()));
        unsettled.removeAll(partitions);
    }

    /** Sends a commit if it is time, or if a line waits for it; true if one left. */
    boolean maybeCommit(Collection<Line> lines, long now) {
        route.hear();
        if (underWay != null || route.busy() || now - notBefore < 0 || mustRejoin()) {
            return false;
        }
        if (!unknown.isEmpty() && !readBack(READ_BACK)) {
            notBefore = now + PAUSE_NANOS;
            return false;
        }
        if (now - dueAt < 0 && settled < everyRecords && lines.stream().noneMatch(Line::waitsForCommit)) {
            return false;
        }
        dueAt = now + intervalNanos;
        settled = 0;
        Map<Line, OffsetAndMetadata> next = changed(route.open(lines, now));
        if (next.isEmpty()) {
            return false;
        }
        underWay = next;
        route.send(next, failure -> {
            answered(next, failure);
            if (failure != null) {
                notBefore = now + PAUSE_NANOS;
            }
        });
        return true;
    }

    /** Commits all that is settled on these lines before it returns, if the time suffices; true if nothing is left. */
    boolean commitNow(Collection<Line> lines, Duration timeout) {
        if (lines.isEmpty()) {
            return true;
        }
        try {
            if (underWay != null || route.busy()) {
                route.await(timeout);
            }
            if (!unknown.isEmpty()) {
                readBack(timeout);
            }
            Map<Line, OffsetAndMetadata> next = changed(lines);
            next.keySet()
                    .removeIf(line -> unknown.containsKey(line)
                            || route.holdsBack(line)
                            || unsettled.contains(line.tenure().partition()));
            if (!next.isEmpty()) {
                commitSync(next, timeout);
            }
            return changed(lines).isEmpty() && lines.stream().noneMatch(Line::holdsOutputs);
        } catch (KafkaException e) {
            LOG.warn("the last commit did not succeed; what it covered is delivered again", e);
            return false;
        }
    }

    /** An answer that comes too late for this is heard all the same: what is committed must not be sent again. */
    private void commitSync(Map<Line, OffsetAndMetadata> next, Duration timeout) {
        try {
            route.sendNow(next, timeout, failure -> answered(next, failure));
        } catch (OffsetMetadataTooLarge e) {
            refuseMetadata(next);
            Map<Line, OffsetAndMetadata> shorter = new LinkedHashMap<>();
            next.keySet().forEach(line -> shorter.put(line, line.committable()));
            route.sendNow(shorter, timeout, failure -> answered(shorter, failure));
        }
    }

    /** Whether a commit may still arrive late, which only a new membership of the group prevents. */
    boolean mustRejoin() {
        return !unsettled.isEmpty();
    }

    /** Whether an answer is awaited. */
    boolean busy() {
        return underWay != null || route.busy();
    }

    /** Nanoseconds until the next commit is due; {@code Long.MAX_VALUE} where no outputs wait for it. */
    long dueIn(Collection<Line> lines, long now) {
        return lines.stream().anyMatch(Line::holdsOutputs) ? Math.max(0, dueAt - now) : Long.MAX_VALUE;
    }

    /** What commits need and does not answer, each with the class of the error. */
    Map<String, String> down() {
        return route.down();
    }

    /** Commits nothing any more. */
    void close(Duration timeout) {
        route.close(timeout);
    }

    @Nullable
    OffsetAndMetadata acknowledged(TopicPartition partition) {
        return acknowledged.get(partition);
    }

    @Nullable
    Instant lastCommit() {
        return lastCommit;
    }

    private Map<Line, OffsetAndMetadata> changed(Collection<Line> lines) {
        Map<Line, OffsetAndMetadata> changed = new LinkedHashMap<>();
        for (Line line : lines) {
            OffsetAndMetadata wanted = line.committable();
            OffsetAndMetadata before = acknowledged.get(line.tenure().partition());
            if (before != null && wanted.offset() < before.offset()) {
                throw new IllegalStateException("a commit of " + line.tenure().partition() + " would go back from "
                        + before.offset() + " to " + wanted.offset());
            }
            if (before == null || !same(wanted, before)) {
                changed.put(line, wanted);
            }
        }
        return changed;
    }

    private void answered(Map<Line, OffsetAndMetadata> sent, @Nullable Exception failure) {
        underWay = null;
        if (failure == null) {
            acknowledge(sent);
            return;
        }
        LOG.debug("a commit failed", failure);
        if (failure instanceof OffsetMetadataTooLarge) {
            refuseMetadata(sent);
        }
        if (mayHaveArrived(failure)) {
            sent.forEach((line, offset) -> {
                if (line.tenure().active()) {
                    unknown.put(line, offset);
                }
            });
        }
    }

    private static void refuseMetadata(Map<Line, OffsetAndMetadata> sent) {
        sent.forEach((line, offset) -> {
            if (line.tenure().active() && !offset.metadata().isEmpty()) {
                line.metadataRefused();
            }
        });
    }

    /** Every refusal by the coordinator is an answer; only silence is none. */
    private static boolean mayHaveArrived(Exception failure) {
        Throwable cause = failure instanceof RetriableCommitFailedException ? failure.getCause() : failure;
        if (cause instanceof NotCoordinatorException
                || cause instanceof CoordinatorNotAvailableException
                || cause instanceof CoordinatorLoadInProgressException) {
            return false;
        }
        return failure instanceof RetriableCommitFailedException
                || failure instanceof TimeoutException
                || failure instanceof DisconnectException;
    }

    /** Asks what is committed where that is unknown; false where no answer came or where it is not what was sent. */
    private boolean readBack(Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> found;
        try {
            found = consumer.committed(CommitRoute.offsets(unknown).keySet(), timeout);
        } catch (KafkaException e) {
            LOG.debug("cannot read back a commit of unknown outcome yet", e);
            return false;
        }
        Map<Line, OffsetAndMetadata> arrived = new LinkedHashMap<>();
        unknown.forEach((line, sent) -> {
            TopicPartition partition = line.tenure().partition();
            OffsetAndMetadata there = found.get(partition);
            if (there != null && same(there, sent)) {
                arrived.put(line, sent);
            } else {
                unsettled.add(partition);
            }
        });
        unknown.clear();
        acknowledge(arrived);
        return unsettled.isEmpty();
    }

    private void acknowledge(Map<Line, OffsetAndMetadata> committed) {
        committed.forEach((line, offset) -> {
            if (line.tenure().active()) {
                TopicPartition partition = line.tenure().partition();
                acknowledged.put(partition, offset);
                line.committed(offset);
                listeners.tell(
                        listener -> listener.committed(partition.topic(), partition.partition(), offset.offset()));
            }
        });
        lastCommit = clock.instant();
    }

    private static boolean same(OffsetAndMetadata a, OffsetAndMetadata b) {
        return a.offset() == b.offset() && a.metadata().equals(b.metadata());
    }
}
