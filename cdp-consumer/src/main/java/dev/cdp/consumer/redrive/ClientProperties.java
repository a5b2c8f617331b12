package dev.cdp.consumer.redrive;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cdp.core.broker.BootstrapServers;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The application's Kafka properties, and what becomes of them for each client. Immutable. */
final class ClientProperties {

    /** Of a group of one that nobody else joins; or of the clients that the properties were written for. */
    private static final Set<String> NOT_OURS = Set.of(
            CommonClientConfigs.GROUP_ID_CONFIG,
            CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            "client.id",
            "interceptor.classes",
            "metric.reporters",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

    private static final int MAX_POLL_RECORDS = 100;
    private static final int SESSION_TIMEOUT_MS = 10_000;
    /** What a broker takes is for the broker to say. */
    private static final int MAX_REQUEST = 256 << 20;

    private final Map<String, Object> given;
    private final String group;
    private final Duration connectTimeout;

    ClientProperties(Map<String, Object> given, String group, Duration connectTimeout) {
        this.given = Map.copyOf(given);
        this.group = group;
        this.connectTimeout = connectTimeout;
    }

    BootstrapServers bootstrapServers() {
        return BootstrapServers.of(given.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** How long an answer of a broker is waited for. */
    Duration connectTimeout() {
        return connectTimeout;
    }

    String group() {
        return group;
    }

    /** How long a member of the group that was killed stays in it. */
    int sessionTimeoutMs() {
        return Integer.parseInt(
                Objects.toString(given.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), "" + SESSION_TIMEOUT_MS));
    }

    Map<String, Object> consumer() {
        Map<String, Object> properties = only(ConsumerConfig.configNames());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionTimeoutMs());
        return properties;
    }

    Map<String, Object> producer() {
        Map<String, Object> properties = only(ProducerConfig.configNames());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) MAX_REQUEST);
        return properties;
    }

    Map<String, Object> admin() {
        Map<String, Object> properties = only(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, (int) connectTimeout.toMillis() / 2));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) connectTimeout.toMillis());
        return properties;
    }

    private Map<String, Object> only(Set<String> names) {
        Map<String, Object> properties = new HashMap<>(given);
        properties.keySet().retainAll(names);
        properties.keySet().removeAll(NOT_OURS);
        return properties;
    }
}
