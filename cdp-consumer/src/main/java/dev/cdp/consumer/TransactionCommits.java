package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.cdp.consumer.Transactor.Aborted;
import dev.cdp.consumer.Transactor.Decided;
import dev.cdp.consumer.Transactor.End;
import dev.cdp.consumer.Transactor.Over;
import dev.cdp.consumer.Transactor.Work;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits that are transactions: with the offsets of its lines each holds the outputs and dead letters of all records
 * that it commits. Owner thread only.
 *
 * <p>A topic that refuses records holds up the lines that have some for it, and no others: those are tried again, one
 * line at a time, until the topic takes them.
 */
final class TransactionCommits implements CommitRoute {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionCommits.class);
    private static final long FIRST_WAIT_NANOS = 200_000_000L;
    private static final long LONGEST_WAIT_NANOS = 10_000_000_000L;

    private final Transactor transactor;
    private final Supplier<ConsumerGroupMetadata> group;
    private final String transactionalId;
    private final LongSupplier nanos;
    private final Map<String, Refusal> refusing = new HashMap<>();
    private @Nullable Sent underWay;
    private @Nullable ConsumerStoppedException over;

    TransactionCommits(
            Transactor transactor, Supplier<ConsumerGroupMetadata> group, String transactionalId, LongSupplier nanos) {
        this.transactor = transactor;
        this.group = group;
        this.transactionalId = transactionalId;
        this.nanos = nanos;
    }

    private record Sent(Future<End> end, Set<String> topics, Consumer<@Nullable Exception> answer) {}

    /** A topic that takes nothing: why, since how many tries, and when it is asked again. */
    private record Refusal(String cause, int times, long notBefore) {}

    @Override
    public void send(Map<Line, OffsetAndMetadata> commit, Consumer<@Nullable Exception> answer) {
        if (over != null) {
            throw new KafkaException("nothing is committed any more", over);
        }
        if (underWay != null) {
            throw new IllegalStateException("a transaction is sent before the one before it has ended");
        }
        List<Settlement> settlements = new ArrayList<>();
        commit.forEach((line, offset) -> settlements.addAll(line.settlements(offset)));
        Set<String> topics = new HashSet<>();
        settlements.forEach(settlement -> topics.addAll(settlement.topics()));
        Work work = new Work(settlements, CommitRoute.offsets(commit), group.get());
        underWay = new Sent(transactor.run(work), topics, answer);
    }

    @Override
    public void sendNow(Map<Line, OffsetAndMetadata> commit, Duration timeout, Consumer<@Nullable Exception> answer) {
        List<Exception> failures = new ArrayList<>(1);
        send(commit, failure -> {
            if (failure != null) {
                failures.add(failure);
            }
            answer.accept(failure);
        });
        await(timeout);
        if (!failures.isEmpty()) {
            throw failures.get(0) instanceof KafkaException e ? e : new KafkaException(failures.get(0));
        }
    }

    @Override
    public void await(Duration timeout) {
        Sent sent = underWay;
        if (sent == null) {
            return;
        }
        End unused = end(sent, timeout);
        hear();
    }

    private End end(Sent sent, Duration timeout) {
        try {
            return sent.end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("the transaction of " + transactionalId + " has not ended within " + timeout);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        }
    }

    @Override
    public void hear() {
        Sent sent = underWay;
        if (sent == null || !sent.end.isDone()) {
            return;
        }
        underWay = null;
        End end = end(sent, Duration.ZERO);
        if (end instanceof Over last) {
            over = last.why();
            throw last.why();
        }
        if (end instanceof Aborted aborted) {
            LOG.warn(
                    "a transaction of {} was undone ({}); what it held goes into the next",
                    transactionalId,
                    aborted.cause().toString());
            blame(aborted);
            // Whatever it was that came, this one is known not to have been committed.
            sent.answer.accept(new KafkaException("the transaction was undone", aborted.cause()));
        } else if (end instanceof Decided decided) {
            sent.answer.accept(new TimeoutException("the transaction has ended, unseen", decided.cause()));
        } else {
            refusing.keySet().removeAll(sent.topics);
            sent.answer.accept(null);
        }
    }

    private void blame(Aborted aborted) {
        Settlement guilty = aborted.guilty();
        if (guilty == null) {
            return;
        }
        if (aborted.cause() instanceof RecordTooLargeException && guilty.line().tooLarge(guilty, aborted.topic())) {
            return;
        }
        Refusal before = refusing.get(aborted.topic());
        int times = before == null ? 1 : before.times + 1;
        long wait = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(times - 1, 10));
        refusing.put(
                aborted.topic(), new Refusal(aborted.cause().getClass().getName(), times, nanos.getAsLong() + wait));
    }

    @Override
    public boolean busy() {
        return underWay != null;
    }

    @Override
    public Collection<Line> open(Collection<Line> lines, long now) {
        if (refusing.isEmpty()) {
            return lines;
        }
        List<Line> free = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        Line probe = null;
        for (Line line : lines) {
            Set<String> topics = new HashSet<>(line.awaitedTopics());
            wanted.addAll(topics);
            topics.retainAll(refusing.keySet());
            if (topics.isEmpty()) {
                free.add(line);
            } else if (probe == null && due(topics, now)) {
                probe = line;
            }
        }
        refusing.keySet().retainAll(wanted);
        return probe == null ? free : List.of(probe);
    }

    private boolean due(Set<String> topics, long now) {
        for (String topic : topics) {
            Refusal refusal = refusing.get(topic);
            if (refusal != null && now - refusal.notBefore < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean holdsBack(Line line) {
        return !refusing.isEmpty() && line.awaitedTopics().stream().anyMatch(refusing::containsKey);
    }

    @Override
    public Map<String, String> down() {
        Map<String, String> down = new TreeMap<>();
        refusing.forEach((topic, refusal) -> down.put(topic, refusal.cause));
        String silence = transactor.silence();
        if (!silence.isEmpty()) {
            down.put("transactions of " + transactionalId, silence);
        }
        return down;
    }

    @Override
    public void close(Duration timeout) {
        transactor.close(timeout);
    }
}
