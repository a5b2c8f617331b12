package dev.cdp.producer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The properties of Kafka's producer: the caller's, over our defaults, under what the guarantees stand on. A property
 * that would break one is refused by name.
 */
final class KafkaSettings {

    /** 128 KB batches carry 1.4 times what 16 KB ones do, at acks=all and lz4; the rest is decision 0010. */
    private static final Map<String, Object> DEFAULTS = Map.of(
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.BATCH_SIZE_CONFIG,
            128 * 1024,
            CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG,
            "none",
            ProducerConfig.METADATA_MAX_IDLE_CONFIG,
            Duration.ofDays(365).toMillis());

    /** How long one call of a transaction blocks; {@link Transactions} repeats it for as long as there is time. */
    private static final int TRANSACTION_STEP_MS = 1_000;

    private static final Map<String, String> REFUSED = Map.of(
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "keys are written by cdp, as the text of the event's key field",
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "values are the JSON that was validated, byte for byte",
            ProducerConfig.TRANSACTIONAL_ID_CONFIG, "say it by CdpProducer.builder(catalog).transactionalId(…)",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, "say it by CdpProducer.builder(catalog).maxBlock(…)",
            ProducerConfig.BUFFER_MEMORY_CONFIG, "say it by CdpProducer.builder(catalog).bufferMemory(…)");

    private static final Map<String, Rule> RULED = Map.of(
            ProducerConfig.ACKS_CONFIG,
                    new Rule(Set.of("all", "-1"), "an acknowledged event must survive the loss of a broker"),
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    new Rule(Set.of("true"), "without it a retry writes an event twice, or out of order"),
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                    new Rule(Set.of("1", "2", "3", "4", "5"), "more than 5 would lose the order of a key on a retry"),
            ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
                    new Rule(Set.of("false"), "the events of a key have to stay in one partition, in order"));

    private KafkaSettings() {}

    static Map<String, Object> producer(Map<String, Object> given, long bufferMemory) {
        check(given);
        Map<String, Object> settings = new HashMap<>(DEFAULTS);
        settings.putAll(given);
        settings.remove(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG); // Kafka refuses it outside of transactions.
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferMemory);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    /** The settings of a Kafka producer for transactions, which wait for an answer each and so linger for nothing. */
    static Map<String, Object> transactional(Map<String, Object> given, long bufferMemory, String transactionalId) {
        Map<String, Object> settings = producer(given, bufferMemory);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRANSACTION_STEP_MS);
        settings.computeIfPresent(ProducerConfig.CLIENT_ID_CONFIG, (name, id) -> id + "-transactions");
        Object timeout = given.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        if (timeout != null) {
            settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeout);
        }
        return settings;
    }

    /** The settings of a Kafka producer behind a spool, which gives nothing up: what expired would be overtaken. */
    static Map<String, Object> spooled(Map<String, Object> given, long bufferMemory) {
        Map<String, Object> settings = producer(given, bufferMemory);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        return settings;
    }

    /** How long Kafka's producer works on a record that it has taken. */
    static Duration deliveryTimeout(Map<String, Object> settings) {
        return Duration.ofMillis(new ProducerConfig(settings).getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
    }

    /** Throws {@link InvalidOptionException} for what is missing or would break a guarantee. */
    static void check(Map<String, Object> given) {
        if (isBlank(given.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG))) {
            throw new InvalidOptionException("Kafka property bootstrap.servers is missing: give host:port of a broker");
        }
        REFUSED.forEach((name, reason) -> {
            if (given.get(name) != null) {
                throw new InvalidOptionException("Kafka property " + name + " cannot be set here: " + reason);
            }
        });
        RULED.forEach((name, rule) -> {
            Object value = given.get(name);
            if (value != null && !rule.allowed.contains(value.toString().strip().toLowerCase(Locale.ROOT))) {
                throw new InvalidOptionException("Kafka property " + name + " must be "
                        + String.join(" or ", rule.allowed.stream().sorted().toList()) + ", found '" + value + "': "
                        + rule.reason);
            }
        });
    }

    private static boolean isBlank(@Nullable Object value) {
        return value == null || value.toString().isBlank() || value.toString().equals("[]");
    }

    private record Rule(Set<String> allowed, String reason) {}
}
