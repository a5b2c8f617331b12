package dev.cdp.consumer.dlq;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import dev.cdp.embedded.CdpTest;
import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** On a real broker; the topic refuses letters while it does not exist. */
@CdpTest
class KafkaDeadLettersTest extends DeadLettersContract {

    private final String topic = "dlq-" + UUID.randomUUID();
    private final CountDownLatch refused = new CountDownLatch(1);
    private EmbeddedKafka kafka;
    private KafkaDeadLetters letters;

    @BeforeEach
    void open(EmbeddedKafka shared) {
        kafka = shared;
        kafka.createTopic(topic, 1);
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put("max.block.ms", 500);
        properties.put("request.timeout.ms", 500);
        properties.put("delivery.timeout.ms", 1_000);
        letters = KafkaDeadLetters.connect(
                properties,
                "group",
                "catalog",
                1_000_000,
                Set.of(),
                InstantSource.system(),
                new KafkaDeadLetters.OutageObserver() {
                    @Override
                    public void refused(String of, Exception cause) {
                        refused.countDown();
                    }

                    @Override
                    public void stored(String of) {
                        // Only refusals are waited for.
                    }
                });
    }

    @AfterEach
    void close() {
        letters.close(Duration.ZERO);
    }

    @Override
    protected DeadLetters letters() {
        return letters;
    }

    @Override
    protected String topic() {
        return topic;
    }

    @Override
    protected void refuse() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.properties())) {
            admin.deleteTopics(List.of(topic)).all().get();
            while (exists(admin)) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean exists(Admin admin) throws InterruptedException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected void awaitRefusal() throws InterruptedException {
        refused.await();
    }

    @Override
    protected void accept() {
        kafka.createTopic(topic, 1);
    }

    @Override
    protected List<String> stored() {
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(kafka.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition only = new TopicPartition(topic, 0);
            reader.assign(List.of(only));
            reader.seekToBeginning(List.of(only));
            long end = reader.endOffsets(List.of(only)).get(only);
            while (reader.position(only) < end) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(record -> found.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
        }
        return found;
    }
}
