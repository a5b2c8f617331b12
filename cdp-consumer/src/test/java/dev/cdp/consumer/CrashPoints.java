package dev.cdp.consumer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.core.event.DeadLetterReason;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Named places of the consume path at which a process ends as if its power failed. */
final class CrashPoints {

    static final int EXIT = 77;

    /** The places, in the order of the path. */
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
        DEAD_LETTERED,
        BEFORE_COMMIT,
        COMMIT_SENT,
        COMMIT_ANSWERED,
        COMMIT_NOTED,
        BEFORE_REVOKED,
        REVOKED,
        BEFORE_LAST_COMMIT,
        LAST_COMMIT,
        BEFORE_CLOSE,
        CLOSED
    }

    private final Point point;
    private final AtomicInteger left;

    /** The process ends the n-th time that it comes by. */
    CrashPoints(Point point, int nth) {
        this.point = point;
        this.left = new AtomicInteger(nth);
    }

    void pass(Point here) {
        if (here == point && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT);
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

    Consumer<byte[], byte[]> connect(Map<String, Object> properties) {
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
                pass(Point.BEFORE_COMMIT);
                arguments[1] = around((OffsetCommitCallback) arguments[1]);
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
            case "commitAsync" -> pass(Point.COMMIT_SENT);
            case "commitSync" -> pass(Point.LAST_COMMIT);
            case "close" -> pass(Point.CLOSED);
            default -> {}
        }
    }

    private OffsetCommitCallback around(OffsetCommitCallback callback) {
        return (offsets, failure) -> {
            pass(Point.COMMIT_ANSWERED);
            callback.onComplete(offsets, failure);
            pass(Point.COMMIT_NOTED);
        };
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
