package dev.cdp.producer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.cdp.producer.PublishFailedException.Retry;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands records to Kafka's producer. That one is told never to block ({@code max.block.ms} is 0), so that the waiting
 * is done here: bounded by the caller's patience, which may be none, and ended by a close. Thread-safe.
 */
final class RecordSender implements Dispatch {

    private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);
    private static final Duration TOPIC_GRACE = Duration.ofSeconds(3);
    private static final long MISSING_FOR = Duration.ofSeconds(30).toNanos();

    private final Producer<byte[], byte[]> kafka;
    private final WireEvidence evidence;
    private final PublishSession session;
    private final Map<String, Long> missing = new ConcurrentHashMap<>();
    private final Consumer<Pending> enrolment;

    RecordSender(Producer<byte[], byte[]> kafka, PublishSession session) {
        this(kafka, session, pending -> {});
    }

    /**
     * A sender in transactions.
     *
     * @param enrolment is told of each event before Kafka is
     */
    RecordSender(Producer<byte[], byte[]> kafka, PublishSession session, Consumer<Pending> enrolment) {
        this.kafka = kafka;
        this.evidence = new WireEvidence(kafka::metrics);
        this.session = session;
        this.enrolment = enrolment;
    }

    @Override
    public void learn(String topic, Patience patience) {
        try {
            while (!known(topic) && !patience.ended()) {
                session.budget().awaitRelease(patience.leftNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            LOG.debug("topic {} cannot be asked for", topic, e);
        }
    }

    private boolean known(String topic) {
        try {
            var unused = kafka.partitionsFor(topic);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Returns when Kafka has taken the record; the event's outcome follows by its callback. */
    @Override
    public void send(ProducerRecord<byte[], byte[]> record, Pending pending, Patience patience)
            throws PublishFailedException {
        try {
            long size = Records.size(record);
            reserve(size, pending, patience);
            enrolment.accept(pending);
            Patience topicGrace = null;
            for (Exception no = offer(record, pending); no != null; no = offer(record, pending)) {
                topicGrace = topicGrace == null ? Patience.of(grace(record.topic())) : topicGrace;
                boolean missingTopic = unknownTopic(no) && topicGrace.ended();
                if (missingTopic) {
                    missing.put(record.topic(), System.nanoTime());
                }
                if (missingTopic || !(no instanceof TimeoutException)) {
                    throw KafkaAnswers.notTaken(pending.event(), record.topic(), no);
                }
                if (patience.ended()) {
                    throw gaveUp(pending, record, no);
                }
                session.budget().awaitRelease(patience.leftNanos());
            }
            session.listeners().sent(pending.event(), size);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishFailedException(
                    pending.event() + " was not sent: the publishing thread was interrupted while it waited for"
                            + " room",
                    Retry.MAY_HELP,
                    e);
        }
    }

    private void reserve(long size, Pending pending, Patience patience) throws InterruptedException {
        ByteBudget budget = session.budget();
        if (size > budget.total()) {
            throw new PublishFailedException(
                    pending.event() + " was not sent: it needs " + size + " bytes of the producer's memory, which is "
                            + budget.total() + "; raise bufferMemory",
                    Retry.WILL_NOT_HELP,
                    null);
        }
        if (!budget.reserve(size, patience)) {
            throw full(pending);
        }
        pending.reserved(size);
    }

    /** Why Kafka did not take it, or null when it has. */
    private @Nullable Exception offer(ProducerRecord<byte[], byte[]> record, Pending pending) {
        pending.sending(evidence);
        try {
            var unused = kafka.send(record, pending);
            Exception refusal = pending.sent();
            if (refusal == null) {
                pending.awaitsFirstAnswer();
            }
            return refusal;
        } catch (KafkaException | IllegalStateException e) {
            pending.sent();
            return e;
        }
    }

    private PublishFailedException gaveUp(Pending pending, ProducerRecord<byte[], byte[]> record, Exception refusal) {
        return refusal instanceof BufferExhaustedException
                ? full(pending)
                : new PublishFailedException(
                        pending.event() + " was not sent: no broker told where topic " + record.topic()
                                + " is within the time to wait",
                        Retry.MAY_HELP,
                        refusal);
    }

    private BufferFullException full(Pending pending) {
        return new BufferFullException(pending.event() + " was not sent: the producer's "
                + session.budget().total() + " bytes of memory are full of events that wait for the broker; publish"
                + " slower, or raise bufferMemory or maxBlock");
    }

    /** A topic that has just been looked for in vain is not waited for with every event. */
    private Duration grace(String topic) {
        Long at = missing.get(topic);
        return at != null && System.nanoTime() - at < MISSING_FOR ? Duration.ZERO : TOPIC_GRACE;
    }

    private static boolean unknownTopic(Exception refusal) {
        return refusal.getCause() instanceof UnknownTopicOrPartitionException;
    }
}
