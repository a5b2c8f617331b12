package dev.cdp.core.event;

/**
 * The names of the headers that a dead letter has beside its own: Kafka Connect's, which the field's tools read, and
 * cdp's.
 *
 * @see <a href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-298%3A+Error+Handling+in+Connect">KIP-298</a>
 */
public final class DeadLetterHeaders {

    /** The topic that the record came from. */
    public static final String TOPIC = "__connect.errors.topic";

    /** The partition that the record came from, decimal. */
    public static final String PARTITION = "__connect.errors.partition";

    /** The offset that the record came from, decimal. */
    public static final String OFFSET = "__connect.errors.offset";

    /** Who could not process it: the consumer group, or {@code producer}. */
    public static final String CONNECTOR_NAME = "__connect.errors.connector.name";

    /** The room of the path in which it failed. */
    public static final String STAGE = "__connect.errors.stage";

    /** The class of what was thrown, if anything was. */
    public static final String EXCEPTION_CLASS = "__connect.errors.exception.class.name";

    /** A message without payload, secrets or personal values. */
    public static final String EXCEPTION_MESSAGE = "__connect.errors.exception.message";

    /** Where it was thrown: classes and frames, never messages, cut to a few kilobytes. */
    public static final String EXCEPTION_STACKTRACE = "__connect.errors.exception.stacktrace";

    /** A {@link DeadLetterReason}. */
    public static final String REASON = "cdp.dlq.reason";

    /** The violations: a JSON array of path, keyword, code and message. */
    public static final String VIOLATIONS = "cdp.dlq.violations";

    /** The event's name, if it is known. */
    public static final String EVENT = "cdp.dlq.event";

    /** The hash of the catalog that judged it. */
    public static final String CATALOG_VERSION = "cdp.dlq.catalog-version";

    /** How often it was tried, decimal. */
    public static final String ATTEMPTS = "cdp.dlq.attempts";

    /** Groups what failed the same way. */
    public static final String FINGERPRINT = "cdp.dlq.fingerprint";

    /** How often it has been redriven, decimal. */
    public static final String REDRIVE_COUNT = "cdp.dlq.redrive-count";

    /** When it became a dead letter, RFC 3339. */
    public static final String FAILED_AT = "cdp.dlq.failed-at";

    /** The original record's timestamp, milliseconds since 1970, decimal: the letter's own tells when it failed. */
    public static final String TIMESTAMP = "cdp.dlq.timestamp";

    /**
     * In a record that was redriven, the consumer group that it is meant for: the one that could not process it. Other
     * groups have their own letter, or have processed it long ago, and pass over it.
     */
    public static final String REDRIVE_GROUP = "cdp.dlq.redrive-group";

    /**
     * Marks a letter whose value is not the record's but points to it, because the record is larger than a letter may
     * be: {@code sha256:} and the hash of the record's value. The letter's value is JSON: topic, partition, offset,
     * sha256, length, first_bytes (base64).
     */
    public static final String POINTER = "cdp.dlq.pointer";

    /** What every header of cdp's own begins with. */
    public static final String PREFIX = "cdp.dlq.";

    /** What every header of Connect's begins with. */
    public static final String CONNECT_PREFIX = "__connect.errors.";

    /** What every header begins with that Spring for Apache Kafka adds to a dead letter. */
    public static final String SPRING_PREFIX = "kafka_dlt-";

    /** What every header begins with that Kafka Streams adds to a dead letter. */
    public static final String STREAMS_PREFIX = "__streams.errors.";

    private DeadLetterHeaders() {}

    /** Whether a header tells of a failure, by any of the prefixes here: it is no part of the original record. */
    public static boolean tellsOfFailure(String name) {
        return name.startsWith(PREFIX)
                || name.startsWith(CONNECT_PREFIX)
                || name.startsWith(SPRING_PREFIX)
                || name.startsWith(STREAMS_PREFIX);
    }
}
