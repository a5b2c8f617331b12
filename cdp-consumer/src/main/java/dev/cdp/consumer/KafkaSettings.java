package dev.cdp.consumer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.cdp.core.broker.BootstrapServers;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The application's Kafka properties, and what becomes of them for each of the three clients. They pass through
 * untouched, except for the few that would break a promise: those are refused by name. Immutable.
 */
final class KafkaSettings {

    private static final Duration DEFAULT_MAX_POLL_INTERVAL = Duration.ofMinutes(5);
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;
    private static final Duration DEFAULT_SESSION = Duration.ofSeconds(45);
    /** Valid for a producer too, and meant for the consumer. */
    private static final Set<String> CONSUMER_ONLY =
            Set.of("interceptor.classes", "metric.reporters", "client.id", "transactional.id");

    private static final String READ_COMMITTED = "read_committed";

    private final Map<String, Object> given;
    private final String group;
    private final boolean readCommitted;
    private final Reset reset;

    private KafkaSettings(Map<String, Object> given, String group, boolean readCommitted, Reset reset) {
        this.given = given;
        this.group = group;
        this.readCommitted = readCommitted;
        this.reset = reset;
    }

    /** Where reading starts on a partition for which the group has committed nothing. */
    enum Reset {
        EARLIEST,
        LATEST,
        NONE
    }

    static KafkaSettings handlers(Map<String, Object> given, String group) {
        return new KafkaSettings(check(given, group), group, false, reset(given));
    }

    static KafkaSettings sink(Map<String, Object> given, String group) {
        return committed(
                given,
                group,
                "a sink reads read_committed, because a batch must hold the same records whenever it is read again");
    }

    /** For a consumer whose commits are transactions: it must not read an offset that a predecessor may yet undo. */
    static KafkaSettings transactional(Map<String, Object> given, String group) {
        return committed(given, group, "exactly-once begins with records, and ends with offsets, that nobody can undo");
    }

    private static KafkaSettings committed(Map<String, Object> given, String group, String why) {
        KafkaSettings settings = new KafkaSettings(check(given, group), group, true, reset(given));
        Object isolation = given.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG);
        if (isolation != null && !READ_COMMITTED.equals(isolation)) {
            throw refused(ConsumerConfig.ISOLATION_LEVEL_CONFIG, why);
        }
        return settings;
    }

    private static Map<String, Object> check(Map<String, Object> given, String group) {
        if (!given.containsKey(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new IllegalArgumentException("the Kafka properties lack bootstrap.servers");
        }
        if ("true".equals(String.valueOf(given.get(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG)))) {
            throw refused(
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "auto-commit commits what was read, not what was settled, and so loses records at a crash");
        }
        for (String deserializer :
                Set.of(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG)) {
            if (given.containsKey(deserializer)) {
                throw refused(
                        deserializer,
                        "records are read as bytes, so that one that cannot be decoded becomes a dead letter"
                                + " and does not stop the line");
            }
        }
        Object otherGroup = given.get(ConsumerConfig.GROUP_ID_CONFIG);
        if (otherGroup != null && !otherGroup.equals(group)) {
            throw refused(ConsumerConfig.GROUP_ID_CONFIG, "the group is '" + group + "', as given to group(…)");
        }
        return Map.copyOf(given);
    }

    private static Reset reset(Map<String, Object> given) {
        Object value = given.get(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG);
        if (value == null) {
            return Reset.EARLIEST;
        }
        try {
            return Reset.valueOf(value.toString().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw refused(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "it must be earliest, latest or none");
        }
    }

    private static IllegalArgumentException refused(String property, String reason) {
        return new IllegalArgumentException("Kafka property " + property + " is refused: " + reason);
    }

    String group() {
        return group;
    }

    Reset reset() {
        return reset;
    }

    BootstrapServers bootstrapServers() {
        return BootstrapServers.of(given.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** How long the owner thread may stay away from {@code poll()}. */
    Duration maxPollInterval() {
        Object value = given.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
        return value == null ? DEFAULT_MAX_POLL_INTERVAL : Duration.ofMillis(Long.parseLong(value.toString()));
    }

    /** How long the group waits for a member of which it hears nothing, as far as the client knows. */
    Duration session() {
        Object value = given.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        Duration session = value == null ? DEFAULT_SESSION : Duration.ofMillis(Long.parseLong(value.toString()));
        return session.compareTo(maxPollInterval()) < 0 ? session : maxPollInterval();
    }

    Map<String, Object> consumer() {
        Map<String, Object> properties = new HashMap<>(given);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // The position is always set from the committed offset by ourselves.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        if (readCommitted) {
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, READ_COMMITTED);
        } else {
            // What a producer has undone never happened. Kafka's own default is to read it all the same.
            properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, READ_COMMITTED);
        }
        if (!"consumer".equalsIgnoreCase(String.valueOf(given.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            properties.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        return properties;
    }

    /** A request may take half of the timeout, so that another broker is asked in the other half. */
    Map<String, Object> admin(Duration timeout) {
        Map<String, Object> properties = only(AdminClientConfig.configNames());
        int millis = Math.toIntExact(timeout.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, millis / 2));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        return properties;
    }

    Map<String, Object> deadLetterProducer(int maxBytes) {
        Map<String, Object> properties = only(ProducerConfig.configNames());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(maxBytes, 1 << 20));
        // Its own retries end here, so that an outage is noticed; ours do not.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        return properties;
    }

    /** As that of dead letters, for transactions: it lingers for nothing, because a commit flushes. */
    Map<String, Object> transactionalProducer(String transactionalId, int maxBytes) {
        Map<String, Object> properties = deadLetterProducer(maxBytes);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        Object timeout = given.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeout == null ? TRANSACTION_TIMEOUT_MS : timeout);
        return properties;
    }

    /** After which the broker ends a transaction by itself. */
    Duration transactionTimeout() {
        Object value = given.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        return Duration.ofMillis(value == null ? TRANSACTION_TIMEOUT_MS : Long.parseLong(value.toString()));
    }

    private Map<String, Object> only(Set<String> names) {
        Map<String, Object> properties = new HashMap<>(given);
        properties.keySet().retainAll(names);
        properties.keySet().removeAll(CONSUMER_ONLY);
        return properties;
    }
}
