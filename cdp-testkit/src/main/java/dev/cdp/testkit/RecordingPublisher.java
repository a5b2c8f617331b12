package dev.cdp.testkit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import dev.cdp.core.CdpException;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.EventFields;
import dev.cdp.core.catalog.Mode;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.event.EventIds;
import dev.cdp.core.validation.EventValidator;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.producer.BufferFullException;
import dev.cdp.producer.EventMismatchException;
import dev.cdp.producer.EventPublisher;
import dev.cdp.producer.InvalidEventException;
import dev.cdp.producer.PublishOptions;
import dev.cdp.producer.Published;

/**
 * An {@link EventPublisher} without a broker: it encodes and validates as the real one does and keeps what that one would
 * send. An invalid event is rejected by its mode in the catalog. Every future is complete when it is returned.
 * Thread-safe.
 *
 * @param <T> the class of its events: a record, or {@code byte[]} of JSON
 */
public final class RecordingPublisher<T> implements EventPublisher<T> {

    private final Catalog catalog;
    private final EventDefinition event;
    private final Function<T, byte[]> encoder;
    private final InstantSource clock;
    private final EventValidator validator;
    private final EventIds ids = EventIds.system();
    private final List<RecordedEvent<T>> events = new ArrayList<>();
    private final List<InvalidEventException> rejections = new ArrayList<>();
    private final Queue<CdpException> failures = new ArrayDeque<>();
    private boolean full;

    private RecordingPublisher(
            Catalog catalog, EventDefinition event, Function<T, byte[]> encoder, InstantSource clock) {
        this.catalog = catalog;
        this.event = event;
        this.encoder = encoder;
        this.clock = clock;
        this.validator = EventValidator.of(catalog);
    }

    /**
     * A publisher of the event that a class carries; the class is checked against the schema as {@code
     * CdpProducer.publisher} does.
     *
     * @throws EventMismatchException if the catalog has no such event, or its schema would refuse every such object
     */
    public static <T> RecordingPublisher<T> of(Catalog catalog, Class<T> type) {
        return of(catalog, type, InstantSource.system());
    }

    /** A publisher to which it is always as late as a clock says. */
    public static <T> RecordingPublisher<T> of(Catalog catalog, Class<T> type, InstantSource clock) {
        EventDefinition event = event(catalog, EventBinding.eventType(type));
        EventBinding<T> binding = EventBinding.of(type);
        List<String> mismatches = event.schema().mismatches(binding);
        if (!mismatches.isEmpty()) {
            throw new EventMismatchException(
                    type.getName() + " cannot be published as " + event.name() + " version " + event.version() + ":",
                    mismatches);
        }
        return new RecordingPublisher<>(catalog, event, binding::write, clock);
    }

    /**
     * A publisher of an event whose payloads are JSON already, UTF-8.
     *
     * @throws EventMismatchException if the catalog has no such event
     */
    public static RecordingPublisher<byte[]> ofJson(Catalog catalog, String event) {
        return new RecordingPublisher<>(catalog, event(catalog, event), json -> json, InstantSource.system());
    }

    private static EventDefinition event(Catalog catalog, String name) {
        return catalog.event(name)
                .orElseThrow(() -> new EventMismatchException(
                        "the catalog '" + catalog.name() + "' has no event '" + name + "'" + catalog.didYouMean(name),
                        List.of()));
    }

    @Override
    public EventDefinition event() {
        return event;
    }

    /** Waits while it is {@link #fill() full}, for as long as that takes. */
    @Override
    public CompletableFuture<Published> publish(T payload, PublishOptions options) {
        return offer(payload, options, this::awaitRoom);
    }

    /** Fails at once with a {@link BufferFullException} while it is {@link #fill() full}. */
    @Override
    public CompletableFuture<Published> tryPublish(T payload, PublishOptions options) {
        return offer(payload, options, () -> !full);
    }

    private synchronized boolean awaitRoom() {
        try {
            while (full) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !full;
    }

    private synchronized CompletableFuture<Published> offer(T payload, PublishOptions options, BooleanSupplier room) {
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(options, "options");
        RecordedEvent<T> recorded = recorded(payload, options);
        if (!recorded.report().valid() && event.mode() == Mode.ENFORCE) {
            InvalidEventException rejection = new InvalidEventException(event.name(), recorded.report());
            rejections.add(rejection);
            return CompletableFuture.failedFuture(rejection);
        }
        CdpException failure = failures.poll();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (!room.getAsBoolean()) {
            return CompletableFuture.failedFuture(
                    new BufferFullException(event.name() + " was not sent: the recording publisher is full"));
        }
        events.add(recorded);
        EventAttributes attributes = recorded.attributes();
        return CompletableFuture.completedFuture(
                new Published(event.topic(), 0, events.size() - 1L, attributes.id(), attributes.time()));
    }

    private RecordedEvent<T> recorded(T payload, PublishOptions options) {
        byte[] json = encoder.apply(payload);
        Instant now = clock.instant();
        EventFields fields = event.fields(json);
        Instant time = fields.time().or(options::time).orElse(now);
        ValidationReport report = validator.validate(event.name(), json);
        if (report.valid()) {
            report = validator.validateTime(event, time, now);
        }
        EventAttributes attributes = new EventAttributes(
                options.id().orElseGet(ids::next),
                event.name(),
                catalog.source(),
                time,
                fields.subject().orElse(null),
                event.dataSchema());
        return new RecordedEvent<>(
                payload, json, options.key().or(fields::key).orElse(null), attributes, options, report);
    }

    /**
     * Lets the next valid event end so, and be lost: for example as a {@link dev.cdp.producer.BufferFullException} or a
     * {@link dev.cdp.producer.PublishUncertainException}. Calls add up, in order.
     */
    public synchronized RecordingPublisher<T> failNext(CdpException outcome) {
        failures.add(Objects.requireNonNull(outcome, "outcome"));
        return this;
    }

    /**
     * From here on there is no room, as where the broker is away: {@code tryPublish} fails at once, and {@code publish}
     * waits until {@link #drain()}. Tells an application that never waits from one that does.
     */
    public synchronized RecordingPublisher<T> fill() {
        full = true;
        return this;
    }

    /** From here on there is room again, also for those who wait. */
    public synchronized RecordingPublisher<T> drain() {
        full = false;
        notifyAll();
        return this;
    }

    /** What would have been sent, in order. */
    public synchronized List<RecordedEvent<T>> events() {
        return List.copyOf(events);
    }

    /** The only event that would have been sent. */
    public synchronized RecordedEvent<T> onlyEvent() {
        if (events.size() != 1) {
            throw new AssertionError("expected one event " + event.name() + ", found " + events.size() + " and "
                    + rejections.size() + " that were rejected"
                    + (rejections.isEmpty() ? "" : ": " + rejections.get(0).getMessage()));
        }
        return events.get(0);
    }

    /** What was rejected, in order. */
    public synchronized List<InvalidEventException> rejections() {
        return List.copyOf(rejections);
    }
}
