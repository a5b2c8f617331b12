package dev.cdp.consumer;

import java.util.List;
import java.util.function.Function;

import dev.cdp.core.event.Event;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.wire.Reading;

/**
 * A handler and what it wants payloads as.
 *
 * @param reader makes that of a payload's JSON
 * @param most how many events it takes at once
 */
record HandlerBinding<T>(Function<byte[], T> reader, Body<T> body, int most) {

    /** What it calls. */
    interface Body<T> {
        void handle(List<Received<T>> events, Outputs outputs) throws Exception;
    }

    /** A handler of single events. */
    static <T> HandlerBinding<T> single(Function<byte[], T> reader, EventHandler<T> handler) {
        return new HandlerBinding<>(
                reader,
                (one, outputs) -> handler.handle(one.get(0).event(), one.get(0).delivery()),
                1);
    }

    /** A handler of several events at once. */
    static <T> HandlerBinding<T> batch(Function<byte[], T> reader, BatchHandler<T> handler, int most) {
        return new HandlerBinding<>(reader, (events, outputs) -> handler.handle(events), most);
    }

    /** A handler of single events that emits others. */
    static <T> HandlerBinding<T> transform(Function<byte[], T> reader, TransformHandler<T> handler) {
        return new HandlerBinding<>(
                reader,
                (one, outputs) -> handler.handle(one.get(0).event(), one.get(0).delivery(), outputs),
                1);
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
