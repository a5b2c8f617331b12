package dev.cdp.consumer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A real Kafka consumer to which things happen. */
final class FaultyClient {

    /** What happens to an asynchronous commit. */
    enum Fate {
        ARRIVES,
        /** It is written, and its answer is lost. */
        ANSWER_LOST,
        /** It is on its way for ever. */
        LOST
    }

    final AtomicInteger joins = new AtomicInteger();
    final AtomicInteger commits = new AtomicInteger();
    private volatile boolean crashed;
    private volatile Fate fate = Fate.ARRIVES;

    /** From now on nothing that it does reaches the broker, as if its process had died. */
    void crash() {
        crashed = true;
    }

    void nextCommit(Fate next) {
        fate = next;
    }

    Consumer<byte[], byte[]> connect(Map<String, Object> properties) {
        KafkaConsumer<byte[], byte[]> real =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        @SuppressWarnings("unchecked") // a proxy of exactly this interface
        Consumer<byte[], byte[]> faulty = (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (crashed && !name.equals("close")) {
                        throw new AssertionError("crashed");
                    }
                    if (name.equals("subscribe")) {
                        joins.incrementAndGet();
                    }
                    if (name.equals("commitAsync")) {
                        commits.incrementAndGet();
                        arguments[1] = answer((OffsetCommitCallback) arguments[1]);
                        if (fate == Fate.LOST) {
                            fate = Fate.ARRIVES;
                            @SuppressWarnings("unchecked") // the method's own parameter
                            Map<TopicPartition, OffsetAndMetadata> offsets =
                                    (Map<TopicPartition, OffsetAndMetadata>) arguments[0];
                            noAnswer((OffsetCommitCallback) arguments[1], offsets);
                            return null;
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return faulty;
    }

    private OffsetCommitCallback answer(OffsetCommitCallback callback) {
        if (fate != Fate.ANSWER_LOST) {
            return callback;
        }
        fate = Fate.ARRIVES;
        return (offsets, failure) -> noAnswer(callback, offsets);
    }

    private static void noAnswer(OffsetCommitCallback callback, Map<TopicPartition, OffsetAndMetadata> offsets) {
        callback.onComplete(offsets, new RetriableCommitFailedException(new TimeoutException("no answer")));
    }
}
