package dev.cdp.producer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.cdp.core.CdpException;
import dev.cdp.producer.PublishFailedException.Retry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of one producer, one after another, by a Kafka producer of their own. That one is made when it is
 * first needed and again after an error that leaves it in doubt; one that was fenced is never made again. Thread-safe.
 */
final class Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final Map<String, Object> settings;
    private final PublishSession session;
    private final Function<RecordSender, PublishPath> paths;
    private final Duration maxBlock;
    private final Duration connectTimeout;
    private final Duration deliveryTimeout;

    /** Who holds it owns the fields below; a closing thread reads two of them. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private volatile @Nullable Connection connection;
    private volatile @Nullable Transaction open;
    private @Nullable PublishFailedException fenced;

    /**
     * Connects to nothing yet.
     *
     * @param settings of a transactional Kafka producer
     * @param paths the way of an event to a sender
     */
    Transactions(
            Map<String, Object> settings,
            PublishSession session,
            Function<RecordSender, PublishPath> paths,
            Duration maxBlock,
            Duration connectTimeout) {
        this.settings = settings;
        this.session = session;
        this.paths = paths;
        this.maxBlock = maxBlock;
        this.connectTimeout = connectTimeout;
        this.deliveryTimeout = KafkaSettings.deliveryTimeout(settings);
    }

    /** Runs a transaction from its begin to its end on the calling thread. */
    List<Published> run(Consumer<Transaction> body) {
        awaitTurn();
        try {
            session.requireOpen();
            Connection current = connected();
            current.kafka.beginTransaction();
            Transaction transaction = new Transaction(current.path);
            open = transaction;
            fill(transaction, body, current);
            awaitWritten(transaction, current);
            commit(transaction, current);
            return transaction.published();
        } finally {
            open = null;
            turn.unlock();
        }
    }

    private void awaitTurn() {
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread is in a transaction already; end it before the next");
        }
        try {
            if (!turn.tryLock(maxBlock.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PublishFailedException(
                        "no transaction was begun: the one before it did not end within maxBlock, which is " + maxBlock,
                        Retry.MAY_HELP,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishFailedException(
                    "no transaction was begun: the thread was interrupted while it waited for its turn",
                    Retry.MAY_HELP,
                    e);
        }
    }

    private Connection connected() {
        if (fenced != null) {
            throw fenced;
        }
        Connection current = connection;
        if (current == null) {
            Producer<byte[], byte[]> kafka = new KafkaProducer<>(settings);
            try {
                initialise(kafka);
            } catch (KafkaException e) {
                kafka.close(Duration.ZERO);
                throw new PublishFailedException(
                        "no transaction was begun: Kafka's transaction coordinator did not answer or refused ("
                                + e.getClass().getSimpleName() + ")",
                        retry(e),
                        e);
            }
            current = new Connection(kafka, paths.apply(new RecordSender(kafka, session, this::enrol)));
            connection = current;
        }
        return current;
    }

    /** Fences older twins, and ends what they or an earlier producer of ours have left open. */
    private void initialise(Producer<byte[], byte[]> kafka) {
        Patience patience = Patience.of(connectTimeout, session::abandoning);
        while (true) {
            try {
                kafka.initTransactions();
                return;
            } catch (TimeoutException e) {
                if (patience.ended()) {
                    throw e;
                }
            }
        }
    }

    private void enrol(Pending event) {
        Objects.requireNonNull(open, "events are published in an open transaction")
                .enrol(event);
    }

    private void fill(Transaction transaction, Consumer<Transaction> body, Connection current) {
        try {
            body.accept(transaction);
        } catch (RuntimeException | Error e) {
            abort(transaction, e instanceof CdpException cdp ? cdp : bodyThrew(e), current);
            throw e;
        }
        CdpException flaw = transaction.flaw();
        if (flaw != null) {
            abort(transaction, flaw, current);
            throw flaw;
        }
    }

    private static PublishFailedException bodyThrew(Throwable thrown) {
        return new PublishFailedException(
                "its transaction was aborted: the body threw "
                        + thrown.getClass().getName(),
                Retry.WILL_NOT_HELP,
                thrown);
    }

    /** Until every event is in the log no commit is sent, so what fails here is known not to be visible. */
    private void awaitWritten(Transaction transaction, Connection current) {
        Exception refusal;
        try {
            refusal = transaction.awaitAnswers(Patience.of(deliveryTimeout, session::abandoning));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refusal = e;
        }
        if (refusal != null) {
            PublishFailedException failed = aborted(refusal);
            abort(transaction, failed, current);
            throw failed;
        }
    }

    private void commit(Transaction transaction, Connection current) {
        if (!transaction.beginCommit()) {
            return;
        }
        try {
            sendCommit(current.kafka);
            transaction.committed();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            // An answer to an earlier try may have been lost, so it does not tell whether that one was carried out.
            fence(e);
            transaction.uncertain(e);
        } catch (TimeoutException | InterruptException | IllegalStateException e) {
            disconnect(current, e);
            transaction.uncertain(e);
        } catch (KafkaException e) {
            abortRefused(transaction, current, e);
        }
    }

    private void sendCommit(Producer<byte[], byte[]> kafka) {
        Patience patience = Patience.of(deliveryTimeout, session::abandoning);
        while (true) {
            try {
                kafka.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (patience.ended()) {
                    throw e;
                }
            }
        }
    }

    /** Only an abort that the coordinator acknowledges proves that a commit was not carried out. */
    private void abortRefused(Transaction transaction, Connection current, KafkaException refusal) {
        try {
            current.kafka.abortTransaction();
            transaction.failed(aborted(refusal));
        } catch (KafkaException | IllegalStateException e) {
            disconnect(current, e);
            transaction.uncertain(refusal);
        }
    }

    /** Ends a transaction of which no commit was sent: whatever comes back, nothing of it becomes visible. */
    private void abort(Transaction transaction, CdpException why, Connection current) {
        transaction.failed(why);
        try {
            current.kafka.abortTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            fence(e);
        } catch (KafkaException | IllegalStateException e) {
            disconnect(current, e);
        }
    }

    private static PublishFailedException aborted(Exception refusal) {
        return new PublishFailedException(
                "the transaction was aborted: " + refusal.getClass().getSimpleName()
                        + " came in place of an acknowledgement; none of its events is visible",
                retry(refusal),
                refusal);
    }

    private static Retry retry(Exception refusal) {
        boolean passing = refusal instanceof RetriableException
                || refusal instanceof TransactionAbortableException
                || refusal instanceof InterruptedException
                || refusal instanceof java.util.concurrent.TimeoutException;
        return passing ? Retry.MAY_HELP : Retry.WILL_NOT_HELP;
    }

    /** A younger producer has the transactional id: going on would fence that one, and so for ever. */
    private void fence(KafkaException e) {
        fenced = new PublishFailedException(
                "no transaction was begun: another producer has taken over transactional id "
                        + settings.get("transactional.id")
                        + ", or a transaction lasted longer than transaction.timeout.ms; give each instance an id of"
                        + " its own and connect anew",
                Retry.WILL_NOT_HELP,
                e);
        LOG.warn("transactions of this producer have ended: it was fenced");
    }

    /** The next transaction connects anew, by which Kafka ends what is still open of this one. */
    private void disconnect(Connection current, RuntimeException why) {
        LOG.warn("the Kafka producer of transactions is made anew, as one was left in doubt", why);
        connection = null;
        current.kafka.close(Duration.ZERO);
    }

    /** Waits until no transaction runs, at most so long. */
    void awaitEnd(Patience patience) {
        try {
            if (turn.tryLock(patience.leftNanos(), TimeUnit.NANOSECONDS)) {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Settles the events of a transaction that is still open, and aborts it if its commit was not sent. */
    void close() {
        Transaction left = open;
        Connection current = connection;
        boolean abort = left != null && left.abandon();
        if (current != null) {
            if (abort) {
                abort(current.kafka);
            }
            current.kafka.close(Duration.ZERO);
        }
    }

    /** Without it those who read committed records would wait for the broker to time it out. */
    private static void abort(Producer<byte[], byte[]> kafka) {
        try {
            kafka.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn("a transaction was left open by a close; the broker ends it after transaction.timeout.ms", e);
        }
    }

    private record Connection(Producer<byte[], byte[]> kafka, PublishPath path) {}
}
