package dev.cdp.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.cdp.consumer.dlq.DeadLetterRecords;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions one after another, on a thread of its own: records and offsets in, and a certain answer out. The one
 * place that talks to the transactional producer. It is made at once, so that what a predecessor of the same
 * transactional id has left open is ended before the committed offsets are read.
 */
final class Transactor {

    private static final Logger LOG = LoggerFactory.getLogger(Transactor.class);
    private static final long PAUSE_NANOS = 500_000_000L;

    private final String transactionalId;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final DeadLetterRecords letters;
    private final Duration transactionTimeout;
    private final LongSupplier nanos;
    private final ExecutorService thread;
    /** Belongs to the thread. */
    private @Nullable Producer<byte[], byte[]> producer;

    private volatile String silence = "";
    private volatile boolean closing;

    /**
     * Connects in the background.
     *
     * @param transactionTimeout after which the broker ends a transaction by itself
     * @param thread does one thing after another, and belongs to this
     */
    Transactor(
            String transactionalId,
            Supplier<Producer<byte[], byte[]>> producers,
            DeadLetterRecords letters,
            Duration transactionTimeout,
            LongSupplier nanos,
            ExecutorService thread) {
        this.transactionalId = transactionalId;
        this.producers = producers;
        this.letters = letters;
        this.transactionTimeout = transactionTimeout;
        this.nanos = nanos;
        this.thread = thread;
        Future<?> unused = thread.submit(() -> {
            try {
                connected();
            } catch (RuntimeException e) {
                silence = e.getClass().getName();
                LOG.debug("no transactional producer yet; the first transaction says why", e);
            }
        });
    }

    /** A thread of its own for the transactions of an id. */
    static ExecutorService thread(String transactionalId) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "cdp-transactions-" + transactionalId);
            made.setDaemon(true);
            return made;
        });
    }

    /** What one transaction holds. */
    record Work(
            List<Settlement> settlements,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {}

    /** How a transaction ended. */
    sealed interface End {}

    /** All of it is visible. */
    record Committed() implements End {}

    /**
     * None of it will ever be visible.
     *
     * @param guilty the settlement that Kafka refused; null where it was not one of them
     */
    record Aborted(Exception cause, @Nullable Settlement guilty, String topic) implements End {}

    /** It is decided, and only the committed offsets tell how. */
    record Decided(Exception cause) implements End {}

    /** Nothing may be sent under this transactional id any more. */
    record Over(ConsumerStoppedException why) implements End {}

    /** Why the transaction coordinator cannot be asked: the class of the error; empty while it answers. */
    String silence() {
        return silence;
    }

    /** Runs a transaction; the answer never is an exception. */
    Future<End> run(Work work) {
        return thread.submit(() -> attempt(work));
    }

    private End attempt(Work work) {
        long began = nanos.getAsLong();
        AtomicReference<@Nullable Aborted> refused = new AtomicReference<>();
        try {
            Producer<byte[], byte[]> open = connected();
            open.beginTransaction();
            for (Settlement settlement : work.settlements) {
                send(open, settlement, refused);
            }
            open.sendOffsetsToTransaction(work.offsets, work.group);
            commit(open);
            return new Committed();
        } catch (ConsumerStoppedException e) {
            return new Over(e);
        } catch (RuntimeException e) {
            if (producer == null) {
                silence = e.getClass().getName();
            }
            Aborted first = refused.get();
            return abort(first == null ? new Aborted(e, null, "") : first, e, began);
        }
    }

    private void send(
            Producer<byte[], byte[]> open, Settlement settlement, AtomicReference<@Nullable Aborted> refused) {
        for (ProducerRecord<byte[], byte[]> record : records(open, settlement, refused)) {
            Future<?> unused = open.send(record, (metadata, failure) -> {
                if (failure != null) {
                    refused.compareAndSet(null, new Aborted(failure, settlement, record.topic()));
                }
            });
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            Producer<byte[], byte[]> open, Settlement settlement, AtomicReference<@Nullable Aborted> refused) {
        try {
            return settlement.records(
                    letters, topic -> open.partitionsFor(topic).size());
        } catch (RuntimeException e) {
            // Also one that cannot be made into a record: without a guilty one, nobody would be told.
            refused.compareAndSet(
                    null,
                    new Aborted(e, settlement, settlement.topics().iterator().next()));
            throw e;
        }
    }

    /** Kafka allows to repeat a commit that found no answer, and that is the only way to learn of it. */
    private void commit(Producer<byte[], byte[]> open) {
        while (true) {
            try {
                open.commitTransaction();
                silence = "";
                return;
            } catch (TimeoutException e) {
                silence = e.getClass().getName();
                if (closing) {
                    throw e;
                }
            }
        }
    }

    /** Only an abort that is acknowledged proves that nothing was committed. */
    private End abort(Aborted aborted, RuntimeException thrown, long began) {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            return aborted; // nothing was begun
        }
        RuntimeException last = thrown;
        if (!fenced(thrown)) {
            try {
                open.abortTransaction();
                return aborted;
            } catch (RuntimeException e) {
                last = e;
            }
        }
        boolean tooLong = nanos.getAsLong() - began >= transactionTimeout.toNanos();
        if (fenced(last) && !tooLong) {
            return new Over(new ConsumerStoppedException(
                    "another consumer has taken over the transactional id " + transactionalId
                            + ": what was open here is undone, and nothing more is committed. Give each instance an id"
                            + " of its own, and start this one again",
                    last));
        }
        return decide(last);
    }

    /** A new producer of the same id ends what the one before it has left open, one way or the other. */
    private End decide(RuntimeException why) {
        LOG.warn("transactions of {}: the producer is recreated, as one was left in doubt", transactionalId, why);
        disconnect();
        try {
            connected();
            return new Decided(why);
        } catch (ConsumerStoppedException e) {
            return new Over(e);
        } catch (KafkaException e) {
            return new Over(new ConsumerStoppedException(
                    "it is not known how the last transaction of " + transactionalId
                            + " ended, and the consumer closes",
                    e));
        }
    }

    private static boolean fenced(Throwable thrown) {
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            if (next instanceof ProducerFencedException || next instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    /** Fences twins, and ends what was left open; tries for as long as it takes. */
    private Producer<byte[], byte[]> connected() {
        while (producer == null) {
            Producer<byte[], byte[]> made = null;
            try {
                made = producers.get();
                made.initTransactions();
                producer = made;
                silence = "";
            } catch (AuthorizationException | AuthenticationException e) {
                closeQuietly(made);
                throw new ConsumerStoppedException(
                        "the transactional id " + transactionalId
                                + " may not be used by this principal; grant it WRITE and DESCRIBE on that id",
                        e);
            } catch (KafkaException e) {
                closeQuietly(made);
                silence = e.getClass().getName();
                LOG.warn("the transaction coordinator of {} does not answer; asking again", transactionalId, e);
                if (closing) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return producer;
    }

    private void disconnect() {
        closeQuietly(producer);
        producer = null;
    }

    private static void closeQuietly(@Nullable Producer<byte[], byte[]> open) {
        if (open != null) {
            try {
                open.close(Duration.ZERO);
            } catch (KafkaException e) {
                LOG.warn("a transactional producer did not close in good order", e);
            }
        }
    }

    /** Ends the transaction that runs, if it does so in that time, and lets go of the producer. */
    void close(Duration timeout) {
        closing = true;
        thread.execute(this::disconnect);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "a transaction of {} was left open by a close; the next start under that id ends it",
                        transactionalId);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
