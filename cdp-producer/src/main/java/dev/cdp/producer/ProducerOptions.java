package dev.cdp.producer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import dev.cdp.core.broker.BootstrapServers;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ProducerBuilder} collects.
 *
 * @param kafka the properties of Kafka's producer
 * @param maxBlock how long publish waits for room
 * @param bufferMemory bytes that events may hold until they are settled
 * @param connectTimeout how long connecting may take
 * @param executorOrNull where futures complete
 * @param transactionalIdOrNull by which Kafka tells the producer from its twins; without one it has no transactions
 * @param closeAtExitOrNull how long a close at the exit of the JVM may take; without it there is none
 * @param spoolOrNull where events wait for the broker on disk
 * @param onInvalid what to do with an invalid event, by the event's name; by its mode where it is not said
 */
record ProducerOptions(
        Map<String, Object> kafka,
        Duration maxBlock,
        long bufferMemory,
        Duration connectTimeout,
        @Nullable Executor executorOrNull,
        @Nullable String transactionalIdOrNull,
        @Nullable Duration closeAtExitOrNull,
        @Nullable SpoolOptions spoolOrNull,
        List<PublishInterceptor> interceptors,
        List<PublishListener> listeners,
        Map<String, OnInvalid> onInvalid,
        InstantSource clock) {

    private static final Duration MAX_MAX_BLOCK = Duration.ofMinutes(10);
    private static final long MIN_BUFFER = 1 << 20;

    ProducerOptions {
        kafka = Map.copyOf(kafka);
        interceptors = List.copyOf(interceptors);
        listeners = List.copyOf(listeners);
        onInvalid = Map.copyOf(onInvalid);
        KafkaSettings.check(kafka);
        if (maxBlock.isNegative() || maxBlock.compareTo(MAX_MAX_BLOCK) > 0) {
            throw new InvalidOptionException("maxBlock: expected 0 to " + MAX_MAX_BLOCK + ", found " + maxBlock);
        }
        if (bufferMemory < MIN_BUFFER) {
            throw new InvalidOptionException(
                    "bufferMemory: expected " + MIN_BUFFER + " bytes or more, found " + bufferMemory);
        }
        if (closeAtExitOrNull != null && closeAtExitOrNull.isNegative()) {
            throw new InvalidOptionException("closeAtExit: expected 0 or more, found " + closeAtExitOrNull);
        }
        if (transactionalIdOrNull != null && transactionalIdOrNull.isBlank()) {
            throw new InvalidOptionException("transactionalId: expected a name, found only blanks");
        }
        try {
            BootstrapServers.checkTimeout(connectTimeout);
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException(String.valueOf(e.getMessage()), e);
        }
    }
}
