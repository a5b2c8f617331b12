package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.Event;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.wire.Reading;
import org.jspecify.annotations.Nullable;

/**
 * A handler and what it wants payloads as.
 *
 * @param reader makes that of a payload's JSON
 * @param type how its class is read; null where it takes the JSON itself
 * @param most how many events it takes at once
 */
record HandlerBinding<T>(
        Function<byte[], T> reader, @Nullable EventBinding<T> type, Body<T> body, int most) {

    /** What it calls. */
    interface Body<T> {
        void handle(List<Received<T>> events, Outputs outputs) throws Exception;
    }

    /** A handler of single events. */
    static <T> HandlerBinding<T> single(EventBinding<T> type, EventHandler<T> handler) {
        return new HandlerBinding<>(
                type::read,
                type,
                (one, outputs) -> handler.handle(one.get(0).event(), one.get(0).delivery()),
                1);
    }

    /** A handler of single events that takes their JSON. */
    static HandlerBinding<byte[]> json(EventHandler<byte[]> handler) {
        return new HandlerBinding<>(
                json -> json,
                null,
                (one, outputs) -> handler.handle(one.get(0).event(), one.get(0).delivery()),
                1);
    }

    /** A handler of several events at once. */
    static <T> HandlerBinding<T> batch(EventBinding<T> type, BatchHandler<T> handler, int most) {
        return new HandlerBinding<>(type::read, type, (events, outputs) -> handler.handle(events), most);
    }

    /** A handler of single events that emits others. */
    static <T> HandlerBinding<T> transform(EventBinding<T> type, TransformHandler<T> handler) {
        return new HandlerBinding<>(
                type::read,
                type,
                (one, outputs) -> handler.handle(one.get(0).event(), one.get(0).delivery(), outputs),
                1);
    }

    /** Every way in which valid events of any version do not become objects of its class. */
    List<String> mismatches(EventDefinition event) {
        if (type == null) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        event.versions().forEach((version, schema) -> {
            for (String mismatch : schema.readMismatches(type)) {
                found.add(version == event.version() ? mismatch : "version " + version + ": " + mismatch);
            }
        });
        return found;
    }

    Received<T> bind(Reading.Known known, EventHeaders headers, Delivery delivery) {
        T payload = reader.apply(known.payload());
        return new Received<>(
                new Event<>(payload, known.attributes(), known.version(), headers, known.payload()), delivery);
    }

    /** Handles what this binding has bound. */
    @SuppressWarnings("unchecked") // bind() made them
    void handle(List<Received<?>> events, Outputs outputs) throws Exception {
        body.handle((List<Received<T>>) (List<?>) events, outputs);
    }
}
