package dev.cdp.core.event;

/**
 * The names by which OpenTelemetry describes messaging, as of its semantic conventions 1.45, where those of messaging are
 * still in development: spans and metrics of cdp use these and no others. The record's key has a name too and is left
 * out, as keys are often personal.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/messaging/kafka/">Semantic conventions for Kafka</a>
 */
public final class MessagingAttributes {

    /** Always {@link #KAFKA}. */
    public static final String SYSTEM = "messaging.system";

    /** The value of {@link #SYSTEM}. */
    public static final String KAFKA = "kafka";

    /** What Kafka calls it: {@code send}, {@code poll}, {@code process}, {@code commit}. */
    public static final String OPERATION_NAME = "messaging.operation.name";

    /** What it is in all systems: {@code send}, {@code receive}, {@code process} or {@code settle}. */
    public static final String OPERATION_TYPE = "messaging.operation.type";

    /** The topic. */
    public static final String DESTINATION_NAME = "messaging.destination.name";

    /** The partition, as text. */
    public static final String DESTINATION_PARTITION_ID = "messaging.destination.partition.id";

    /** The record's offset. */
    public static final String KAFKA_OFFSET = "messaging.kafka.offset";

    /** Whether the record is a tombstone. */
    public static final String KAFKA_TOMBSTONE = "messaging.kafka.message.tombstone";

    /** The event's id. */
    public static final String MESSAGE_ID = "messaging.message.id";

    /** The bytes of the record's value. */
    public static final String MESSAGE_BODY_SIZE = "messaging.message.body.size";

    /** The consumer group. */
    public static final String CONSUMER_GROUP_NAME = "messaging.consumer.group.name";

    /** Kafka's {@code client.id}. */
    public static final String CLIENT_ID = "messaging.client.id";

    /** How many records a batch has. */
    public static final String BATCH_MESSAGE_COUNT = "messaging.batch.message_count";

    /** The class of an error, where one ended the operation. */
    public static final String ERROR_TYPE = "error.type";

    /** A histogram, in seconds: from publish to the broker's answer. */
    public static final String CLIENT_OPERATION_DURATION = "messaging.client.operation.duration";

    /** A counter: records that were tried to be sent. */
    public static final String CLIENT_SENT_MESSAGES = "messaging.client.sent.messages";

    /** A counter: records that were given to the application. */
    public static final String CLIENT_CONSUMED_MESSAGES = "messaging.client.consumed.messages";

    /** A histogram, in seconds: how long a handler takes. */
    public static final String PROCESS_DURATION = "messaging.process.duration";

    private MessagingAttributes() {}
}
