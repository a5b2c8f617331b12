package dev.cdp.consumer;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

/** A transactional producer of a {@link ModelMember}: it is refused, fenced, or hears nothing, as the world draws. */
final class ModelProducer {

    /** After which the broker ends a transaction by itself. */
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ModelWorld world;
    private final ModelMember member;
    private final String id;
    private int epoch;
    /** Whether it takes nothing but an abort. */
    private boolean failed;
    /** Whether its transaction is committed, and it has not heard of that. */
    private boolean unanswered;

    ModelProducer(ModelWorld world, ModelMember member, String id) {
        this.world = world;
        this.member = member;
        this.id = id;
    }

    @SuppressWarnings("unchecked") // what is called is what the consumer's parts call
    Producer<byte[], byte[]> proxy() {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    member.call();
                    try {
                        return answer(method.getName(), arguments);
                    } catch (KafkaException e) {
                        member.client.hinder();
                        throw e;
                    }
                });
    }

    @SuppressWarnings("unchecked") // the methods' own parameters
    private Object answer(String call, Object[] arguments) {
        switch (call) {
            case "initTransactions" -> {
                epoch = world.coordinator.join(id);
                world.members.stream()
                        .filter(other -> other != member && other.instance.equals(id))
                        .forEach(other -> other.fenced = true);
            }
            case "beginTransaction" -> {
                failed = false;
                unanswered = false;
            }
            case "partitionsFor" -> {
                return partitions((String) arguments[0]);
            }
            case "send" -> send((ProducerRecord<byte[], byte[]>) arguments[0], (Callback) arguments[1]);
            case "sendOffsetsToTransaction" ->
                sendOffsets(
                        (Map<TopicPartition, OffsetAndMetadata>) arguments[0], (ConsumerGroupMetadata) arguments[1]);
            case "commitTransaction" -> commit();
            case "abortTransaction" -> abort();
            case "close" -> {}
            default -> throw new IllegalStateException("nobody thought of " + call);
        }
        return null;
    }

    private static List<PartitionInfo> partitions(String topic) {
        Node[] none = new Node[0];
        return List.of(new PartitionInfo(topic, 0, null, none, none), new PartitionInfo(topic, 1, null, none, none));
    }

    private void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        if (world.coordinator.fenced(id, epoch)) {
            fail(callback, new InvalidProducerEpochException("another has come"));
        } else if (world.sinkholeOfLetters && ModelWorld.isLetter(record)) {
            fail(callback, new TimeoutException("letters are not taken"));
        } else {
            world.coordinator.of(id).records().add(record);
        }
    }

    private void fail(Callback callback, KafkaException why) {
        failed = true;
        member.client.hinder();
        callback.onCompletion(null, why);
    }

    private void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        check();
        int draw = world.random.nextInt(10);
        if (draw == 0 || group.generationId() != member.client.epoch) {
            failed = true;
            throw draw == 0 ? new TimeoutException("offsets") : new CommitFailedException("another epoch");
        }
        world.coordinator.of(id).offsets().putAll(offsets);
        if (draw == 1) {
            failed = true;
            throw new TimeoutException("the answer to offsets");
        }
    }

    private void commit() {
        if (unanswered && !world.coordinator.fenced(id, epoch)) {
            return;
        }
        check();
        switch (world.random.nextInt(8)) {
            case 0 -> { // its process was paused for so long
                world.nanos += TIMEOUT.toNanos();
                int unused = world.coordinator.join(id);
                throw new InvalidProducerEpochException("undone for its length");
            }
            case 1 -> { // the answer is lost
                world.coordinator.commit(id);
                unanswered = true;
                throw new TimeoutException("commitTransaction");
            }
            case 2 -> throw new TimeoutException("commitTransaction");
            default -> world.coordinator.commit(id);
        }
        member.call();
    }

    private void abort() {
        if (world.coordinator.fenced(id, epoch)) {
            throw new ProducerFencedException("another has come");
        }
        if (world.random.nextInt(6) == 0) {
            throw new TimeoutException("abortTransaction");
        }
        world.coordinator.abort(id);
        failed = false;
    }

    private void check() {
        if (world.coordinator.fenced(id, epoch)) {
            throw new ProducerFencedException("another has come");
        }
        if (failed) {
            throw new KafkaException("in an error state");
        }
    }
}
