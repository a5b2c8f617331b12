package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What the broker of a {@link ModelWorld} knows of transactions: who may write under an id, and what is open there. */
final class ModelCoordinator {

    private final ModelWorld world;
    private final Map<String, Integer> epochs = new HashMap<>();
    private final Map<String, Transaction> open = new HashMap<>();

    ModelCoordinator(ModelWorld world) {
        this.world = world;
    }

    /** Records and offsets that become visible together, or never. */
    record Transaction(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets) {}

    /** Whoever comes under an id undoes what is open there, and fences who was there before. */
    int join(String id) {
        open.remove(id);
        return epochs.merge(id, 1, Integer::sum);
    }

    boolean fenced(String id, int epoch) {
        return epochs.getOrDefault(id, 0) != epoch;
    }

    Transaction of(String id) {
        return open.computeIfAbsent(id, any -> new Transaction(new ArrayList<>(), new HashMap<>()));
    }

    void commit(String id) {
        Transaction committed = open.remove(id);
        if (committed != null) {
            world.transactionCommits(committed);
        }
    }

    void abort(String id) {
        open.remove(id);
    }

    /** Whether offsets of a partition wait for the end of a transaction: until then nobody is told what is committed. */
    boolean awaits(TopicPartition partition) {
        return open.values().stream().anyMatch(transaction -> transaction.offsets.containsKey(partition));
    }
}
