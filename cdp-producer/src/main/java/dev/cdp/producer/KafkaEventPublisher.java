package dev.cdp.producer;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.cdp.core.catalog.EventDefinition;

/** Publishes one event type by the producer's path. */
final class KafkaEventPublisher<T> implements EventPublisher<T> {

    private final EventDefinition event;
    private final Function<Object, byte[]> encoder;
    private final PublishPath path;
    private final Duration maxBlock;

    KafkaEventPublisher(EventDefinition event, Function<Object, byte[]> encoder, PublishPath path, Duration maxBlock) {
        this.event = event;
        this.encoder = encoder;
        this.path = path;
        this.maxBlock = maxBlock;
    }

    @Override
    public EventDefinition event() {
        return event;
    }

    @Override
    public CompletableFuture<Published> publish(T payload, PublishOptions options) {
        return path.publish(outgoing(payload, options), encoder, maxBlock);
    }

    @Override
    public CompletableFuture<Published> tryPublish(T payload, PublishOptions options) {
        return path.publish(outgoing(payload, options), encoder, Duration.ZERO);
    }

    /** Publishes by another path than its own. */
    CompletableFuture<Published> publishBy(PublishPath other, T payload, PublishOptions options) {
        return other.publish(outgoing(payload, options), encoder, maxBlock);
    }

    private Outgoing outgoing(T payload, PublishOptions options) {
        return new Outgoing(
                event, Objects.requireNonNull(payload, "payload"), Objects.requireNonNull(options, "options"));
    }
}
