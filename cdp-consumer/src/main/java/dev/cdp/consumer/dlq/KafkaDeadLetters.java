package dev.cdp.consumer.dlq;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead letters as records of Kafka topics, by an idempotent producer of its own that waits for all replicas. A letter
 * that is refused is sent again, for as long as it takes, and those behind it wait for that.
 *
 * <p>Any thread may send. One thread of its own talks to the producer, because {@code send} may block there.
 */
public final class KafkaDeadLetters implements DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadLetters.class);
    private static final long FIRST_BACKOFF_MS = 100;
    private static final long MAX_BACKOFF_MS = 5_000;

    private final DeadLetterRecords records;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final OutageObserver observer;
    private final ScheduledExecutorService sender;
    /** The topics that refuse letters. Written by the sender's thread. */
    private final ConcurrentHashMap<String, Refusal> refusing = new ConcurrentHashMap<>();
    /** Belongs to the sender's thread. */
    private @Nullable Producer<byte[], byte[]> producer;

    private KafkaDeadLetters(
            String group,
            DeadLetterRecords records,
            Supplier<Producer<byte[], byte[]>> producers,
            OutageObserver observer) {
        this.records = records;
        this.producers = producers;
        this.observer = observer;
        ScheduledThreadPoolExecutor single = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "cdp-dead-letters-" + group);
            thread.setDaemon(true);
            return thread;
        });
        single.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.sender = single;
    }

    /**
     * Dead letters of a consumer group.
     *
     * @param properties a Kafka producer's, without serializers
     * @param group who could not process the records
     * @param catalogHash the catalog that judged them
     * @param maxBytes above this size of key, value and headers a letter is a pointer
     * @param profiles headers of other frameworks to add
     * @param clock tells when
     * @param observer is told when letters cannot be stored, and when they can again
     */
    public static KafkaDeadLetters connect(
            Map<String, Object> properties,
            String group,
            String catalogHash,
            int maxBytes,
            Set<DeadLetterProfile> profiles,
            InstantSource clock,
            OutageObserver observer) {
        Map<String, Object> copy = Map.copyOf(properties);
        return connect(
                () -> new KafkaProducer<>(copy, new ByteArraySerializer(), new ByteArraySerializer()),
                new DeadLetterRecords(group, catalogHash, maxBytes, Set.copyOf(profiles), clock),
                group,
                observer);
    }

    /**
     * Dead letters of a consumer group by producers of the caller's making, each closed before the next is made.
     *
     * @param producers make a producer that is idempotent and waits for all replicas
     * @param records makes records of letters
     * @param group who could not process the records
     * @param observer is told when letters cannot be stored, and when they can again
     */
    public static KafkaDeadLetters connect(
            Supplier<Producer<byte[], byte[]>> producers,
            DeadLetterRecords records,
            String group,
            OutageObserver observer) {
        return new KafkaDeadLetters(group, records, producers, observer);
    }

    @Override
    public CompletionStage<Void> send(DeadLetter letter) {
        Objects.requireNonNull(letter, "letter");
        return send(new Pending(letter.topic(), letter, new Draft() {
            @Override
            public ProducerRecord<byte[], byte[]> whole(int partitions) {
                return records.record(letter, partitions);
            }

            @Override
            public ProducerRecord<byte[], byte[]> smaller(int partitions) {
                return records.pointer(letter, partitions);
            }
        }));
    }

    /**
     * Sends a record that is no letter in the same way: for as long as it takes.
     *
     * @param record makes it, for a topic of so many partitions
     * @return completes when it is stored, or with a {@link RecordTooLargeException} if the topic never will take it
     */
    public CompletionStage<Void> forward(String topic, IntFunction<ProducerRecord<byte[], byte[]>> record) {
        return send(new Pending(topic, "a record for " + topic, new Draft() {
            @Override
            public ProducerRecord<byte[], byte[]> whole(int partitions) {
                return record.apply(partitions);
            }

            @Override
            public @Nullable ProducerRecord<byte[], byte[]> smaller(int partitions) {
                return null;
            }
        }));
    }

    private CompletionStage<Void> send(Pending pending) {
        submit(() -> attempt(pending), 0);
        return pending.acknowledged;
    }

    private void attempt(Pending pending) {
        Refusal refusal = refusing.get(pending.topic);
        if (refusal != null && refusal.probe != pending) {
            refusal.held.add(pending);
            return;
        }
        try {
            Producer<byte[], byte[]> open = open();
            int partitions = open.partitionsFor(pending.topic).size();
            ProducerRecord<byte[], byte[]> letter =
                    pending.tooLarge ? pending.draft.smaller(partitions) : pending.draft.whole(partitions);
            if (letter == null) {
                pending.acknowledged.completeExceptionally(
                        new RecordTooLargeException(pending.what + " is larger than that takes"));
                return;
            }
            Future<?> unused = open.send(letter, (metadata, failure) -> {
                if (failure == null) {
                    observer.stored(pending.topic);
                    pending.acknowledged.complete(null);
                    if (refusing.containsKey(pending.topic)) {
                        submit(() -> accepted(pending.topic), 0);
                    }
                } else {
                    submit(() -> failed(pending, failure), 0);
                }
            });
        } catch (RuntimeException e) {
            failed(pending, e); // also one that cannot be made into a record: it is an outage, never silence
        }
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = producers.get();
            producer = open;
        }
        return open;
    }

    private void failed(Pending pending, Exception failure) {
        if (failure instanceof RecordTooLargeException && !pending.tooLarge) {
            pending.tooLarge = true;
            submit(() -> attempt(pending), 0);
            return;
        }
        pending.failures++;
        observer.refused(pending.topic, failure);
        LOG.warn(
                "{} is not stored after {} attempts ({}); it is sent again until it is",
                pending.what,
                pending.failures,
                failure.getClass().getSimpleName());
        if (!(failure instanceof RetriableException)) {
            renew();
        }
        Refusal refusal = refusing.computeIfAbsent(pending.topic, topic -> new Refusal(pending));
        refusal.held.add(pending);
        if (refusal.probe == pending) {
            Pending next = refusal.held.remove();
            refusal.probe = next;
            submit(() -> attempt(next), backoff(++refusal.failures));
        }
    }

    private void accepted(String topic) {
        Refusal over = refusing.remove(topic);
        if (over != null) {
            over.held.forEach(this::attempt);
        }
    }

    /** A producer that met a fatal error answers nothing else for the rest of its life. */
    private void renew() {
        Producer<byte[], byte[]> broken = producer;
        producer = null;
        if (broken != null) {
            closeQuietly(broken, Duration.ZERO);
        }
    }

    private static long backoff(int failures) {
        return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failures - 1, 10));
    }

    private void submit(Runnable task, long delayMs) {
        try {
            Future<?> unused = sender.schedule(() -> reporting(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("a dead letter is left unsent by close; its record is not committed and comes again", e);
        }
    }

    /** An executor keeps what its tasks throw to itself. */
    private void reporting(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            LOG.error("the thread that stores dead letters met an error that it cannot handle", t);
            observer.broken(t);
        }
    }

    @Override
    public void close(Duration timeout) {
        try {
            sender.execute(() -> {
                Producer<byte[], byte[]> open = producer;
                if (open != null) {
                    closeQuietly(open, timeout);
                }
            });
        } catch (RejectedExecutionException e) {
            return;
        }
        sender.shutdown();
        try {
            if (!sender.awaitTermination(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS)) {
                sender.shutdownNow();
            }
        } catch (InterruptedException e) {
            sender.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Producer<byte[], byte[]> producer, Duration timeout) {
        try {
            producer.close(timeout);
        } catch (KafkaException e) {
            LOG.warn("the producer of dead letters did not close in good order", e);
        }
    }

    /** Is told how storing goes, on threads of the producer. */
    public interface OutageObserver {

        /** A letter was refused and will be sent again. */
        void refused(String topic, Exception cause);

        /** A letter was stored in that topic. */
        void stored(String topic);

        /** Something was thrown that is no refusal, after which letters may be left unsent: the consumer has to stop. */
        default void broken(Throwable cause) {}
    }

    /** A topic that refuses letters: the one that is next to ask it again, and those that wait. The sender's thread. */
    private static final class Refusal {

        private final ArrayDeque<Pending> held = new ArrayDeque<>();
        private Pending probe;
        private int failures;

        private Refusal(Pending probe) {
            this.probe = probe;
        }
    }

    /** A record to be made for a topic of so many partitions. */
    private interface Draft {

        ProducerRecord<byte[], byte[]> whole(int partitions);

        /** What goes where the whole is too large; null for nothing. */
        @Nullable
        ProducerRecord<byte[], byte[]> smaller(int partitions);
    }

    /** A letter on its way; its fields belong to the sender's thread. */
    private static final class Pending {

        private final String topic;
        /** Tells what it is. */
        private final Object what;

        private final Draft draft;
        private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        private boolean tooLarge;
        private int failures;

        private Pending(String topic, Object what, Draft draft) {
            this.topic = topic;
            this.what = what;
            this.draft = draft;
        }
    }
}
