package dev.cdp.consumer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.core.event.DeadLetterReason;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Named places of the consume path at which a process ends as if its power failed. */
final class CrashPoints {

    static final int EXIT = 77;

    /** The places, in the order of the path; which of them a process comes by depends on what it does with records. */
    enum Point {
        BEFORE_POLL,
        RECORDS_POLLED,
        BEFORE_ASSIGNED,
        ASSIGNED,
        BEFORE_COMMITTED_READ,
        COMMITTED_READ,
        JOB_SUBMITTED,
        JOB_BEGINS,
        BEFORE_EFFECT,
        EFFECT,
        JOB_REPORTED,
        PROCESSED,
        RETRIED,
        BEFORE_FORWARD,
        FORWARD_ACKNOWLEDGED,
        BEFORE_PLAN,
        PLAN_SENT,
        PLAN_ANSWERED,
        PLAN_NOTED,
        BEFORE_REJECTION,
        BEFORE_REPLAN,
        REPLAN_SENT,
        REPLAN_ANSWERED,
        REPLAN_NOTED,
        BEFORE_LETTER,
        LETTER_ACKNOWLEDGED,
        DEAD_LETTERED,
        BEFORE_WRITE,
        HALF_WRITTEN,
        WRITTEN,
        BEFORE_END,
        END_SENT,
        END_ANSWERED,
        END_NOTED,
        BEFORE_COMMIT,
        COMMIT_SENT,
        COMMIT_ANSWERED,
        COMMIT_NOTED,
        BEFORE_REVOKED,
        REVOKED,
        BEFORE_LAST_COMMIT,
        LAST_COMMIT,
        BEFORE_CLOSE,
        CLOSED;

        /** Where handlers are given records, and those that fail are tried again in their lane. */
        static Set<Point> ofHandlers() {
            Set<Point> points = EnumSet.allOf(Point.class);
            points.removeAll(EnumSet.range(BEFORE_FORWARD, REPLAN_NOTED));
            points.removeAll(EnumSet.range(BEFORE_WRITE, END_NOTED));
            return points;
        }

        /** What there is more, or is otherwise, where they are tried again by way of a topic. */
        static Set<Point> ofRetryTopics() {
            return EnumSet.of(
                    BEFORE_EFFECT,
                    EFFECT,
                    PROCESSED,
                    RETRIED,
                    BEFORE_FORWARD,
                    FORWARD_ACKNOWLEDGED,
                    BEFORE_LETTER,
                    LETTER_ACKNOWLEDGED,
                    DEAD_LETTERED,
                    BEFORE_COMMIT,
                    COMMIT_SENT,
                    COMMIT_ANSWERED,
                    COMMIT_NOTED,
                    LAST_COMMIT);
        }

        /** Where planned batches are given to a sink, which rejects some records. */
        static Set<Point> ofSinks() {
            Set<Point> points = EnumSet.allOf(Point.class);
            points.removeAll(EnumSet.range(BEFORE_EFFECT, EFFECT));
            points.removeAll(EnumSet.range(PROCESSED, FORWARD_ACKNOWLEDGED));
            points.removeAll(EnumSet.range(BEFORE_LAST_COMMIT, LAST_COMMIT));
            return points;
        }
    }

    private final Point point;
    private final AtomicInteger left;
    private final Runnable end;
    /** What was sent last of each partition. Belongs, as the next, to the thread that commits. */
    private final Map<TopicPartition, OffsetAndMetadata> sent = new HashMap<>();

    private Commit underWay;

    /** The process ends the n-th time that it comes by. */
    CrashPoints(Point point, int nth) {
        this(point, nth, () -> Runtime.getRuntime().halt(EXIT));
    }

    /** Something happens the n-th time that the process comes by. */
    CrashPoints(Point point, int nth, Runnable end) {
        this.point = point;
        this.left = new AtomicInteger(nth);
        this.end = end;
    }

    void pass(Point here) {
        if (here == point && left.decrementAndGet() == 0) {
            end.run();
        }
    }

    Executor around(Executor executor) {
        return job -> {
            pass(Point.JOB_SUBMITTED);
            executor.execute(() -> {
                pass(Point.JOB_BEGINS);
                job.run();
                pass(Point.JOB_REPORTED);
            });
        };
    }

    ConsumerListener listener() {
        return new ConsumerListener() {
            @Override
            public void processed(Delivery delivery, String event) {
                pass(Point.PROCESSED);
            }

            @Override
            public void retried(Delivery delivery, String event, Throwable failure) {
                pass(Point.RETRIED);
            }

            @Override
            public void deadLettered(Delivery delivery, String event, DeadLetterReason reason) {
                pass(Point.DEAD_LETTERED);
            }
        };
    }

    ResilientConsumer.Clients clients() {
        return new ResilientConsumer.Clients(this::consumer, this::producer);
    }

    private Producer<byte[], byte[]> producer(Map<String, Object> properties) {
        KafkaProducer<byte[], byte[]> real =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        @SuppressWarnings("unchecked") // a proxy of exactly this interface
        Producer<byte[], byte[]> proxy = (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (any, method, arguments) -> {
                    if (method.getName().equals("send")) {
                        arguments[1] = sent((ProducerRecord<?, ?>) arguments[0], (Callback) arguments[1]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return proxy;
    }

    /** A letter, or a record that waits in a topic for its next attempt. */
    private Callback sent(ProducerRecord<?, ?> record, Callback callback) {
        boolean forwards = record.topic().startsWith("retry.");
        pass(forwards ? Point.BEFORE_FORWARD : Point.BEFORE_LETTER);
        return (metadata, failure) -> {
            if (failure == null) {
                pass(forwards ? Point.FORWARD_ACKNOWLEDGED : Point.LETTER_ACKNOWLEDGED);
            }
            callback.onCompletion(metadata, failure);
        };
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        KafkaConsumer<byte[], byte[]> real =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        @SuppressWarnings("unchecked") // a proxy of exactly this interface
        Consumer<byte[], byte[]> proxy = (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (any, method, arguments) -> {
                    before(method.getName(), arguments);
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    after(method.getName(), result);
                    return result;
                });
        return proxy;
    }

    private void before(String call, Object[] arguments) {
        switch (call) {
            case "poll" -> pass(Point.BEFORE_POLL);
            case "committed" -> pass(Point.BEFORE_COMMITTED_READ);
            case "subscribe" -> arguments[1] = around((ConsumerRebalanceListener) arguments[1]);
            case "commitAsync" -> {
                @SuppressWarnings("unchecked") // the method's own parameter
                Commit commit = commit((Map<TopicPartition, OffsetAndMetadata>) arguments[0]);
                commit.pass(Point.BEFORE_COMMIT, Point.BEFORE_PLAN, Point.BEFORE_REPLAN, Point.BEFORE_END);
                arguments[1] = around(commit, (OffsetCommitCallback) arguments[1]);
                underWay = commit;
            }
            case "commitSync" -> pass(Point.BEFORE_LAST_COMMIT);
            case "close" -> pass(Point.BEFORE_CLOSE);
            default -> {}
        }
    }

    private void after(String call, Object result) {
        switch (call) {
            case "poll" -> {
                if (!((ConsumerRecords<?, ?>) result).isEmpty()) {
                    pass(Point.RECORDS_POLLED);
                }
            }
            case "committed" -> pass(Point.COMMITTED_READ);
            case "commitAsync" -> underWay.pass(Point.COMMIT_SENT, Point.PLAN_SENT, Point.REPLAN_SENT, Point.END_SENT);
            case "commitSync" -> pass(Point.LAST_COMMIT);
            case "close" -> pass(Point.CLOSED);
            default -> {}
        }
    }

    private OffsetCommitCallback around(Commit commit, OffsetCommitCallback callback) {
        return (offsets, failure) -> {
            commit.pass(Point.COMMIT_ANSWERED, Point.PLAN_ANSWERED, Point.REPLAN_ANSWERED, Point.END_ANSWERED);
            callback.onComplete(offsets, failure);
            commit.pass(Point.COMMIT_NOTED, Point.PLAN_NOTED, Point.REPLAN_NOTED, Point.END_NOTED);
        };
    }

    /** What a commit says for the first time: the plan of a batch, one with what the sink has rejected, a batch's end. */
    private final class Commit {

        private final boolean plan;
        private final boolean replan;
        private final boolean end;

        private Commit(boolean plan, boolean replan, boolean end) {
            this.plan = plan;
            this.replan = replan;
            this.end = end;
        }

        private void pass(Point any, Point ifPlan, Point ifReplan, Point ifEnd) {
            if (plan) {
                CrashPoints.this.pass(ifPlan);
            }
            if (replan) {
                CrashPoints.this.pass(ifReplan);
            }
            if (end) {
                CrashPoints.this.pass(ifEnd);
            }
            CrashPoints.this.pass(any);
        }
    }

    private Commit commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        boolean plan = false;
        boolean replan = false;
        boolean end = false;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> one : offsets.entrySet()) {
            OffsetAndMetadata before = sent.put(one.getKey(), one.getValue());
            boolean fresh =
                    before == null || !before.metadata().equals(one.getValue().metadata());
            Optional<Envelope> envelope = plan(one.getValue()).filter(Envelope::open);
            if (fresh && envelope.isPresent()) {
                plan |= envelope.get().found().isEmpty();
                replan |= !envelope.get().found().isEmpty();
            }
            end |= before != null && before.offset() < one.getValue().offset();
        }
        return new Commit(plan, replan, end);
    }

    /** The plan that a commit carries, if it is of a consumer with a sink. */
    static Optional<Envelope> plan(OffsetAndMetadata commit) {
        try {
            return Optional.of(Envelope.parse(commit.metadata()));
        } catch (CommitText.UnreadableException e) {
            return Optional.empty();
        }
    }

    private ConsumerRebalanceListener around(ConsumerRebalanceListener listener) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                pass(Point.BEFORE_ASSIGNED);
                listener.onPartitionsAssigned(partitions);
                pass(Point.ASSIGNED);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                pass(Point.BEFORE_REVOKED);
                listener.onPartitionsRevoked(partitions);
                pass(Point.REVOKED);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                listener.onPartitionsLost(partitions);
            }
        };
    }
}
