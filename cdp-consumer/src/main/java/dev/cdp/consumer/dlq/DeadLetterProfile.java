package dev.cdp.consumer.dlq;

/** Headers that a dead letter carries beside Kafka Connect's and cdp's, for tools that read another framework's. */
public enum DeadLetterProfile {
    /** Those of Spring for Apache Kafka's {@code DeadLetterPublishingRecoverer}: {@code kafka_dlt-*}. */
    SPRING,
    /** Those of Kafka Streams' dead letter queue (KIP-1034): {@code __streams.errors.*}. */
    STREAMS
}
