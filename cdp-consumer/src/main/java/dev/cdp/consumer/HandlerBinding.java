package dev.cdp.consumer;

import java.util.List;

import dev.cdp.core.event.Event;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.wire.Reading;

/**
 * A handler and the class that it wants payloads as.
 *
 * @param most how many events it takes at once
 */
record HandlerBinding<T>(EventBinding<T> binding, Body<T> body, int most) {

    /** What it calls. */
    interface Body<T> {
        void handle(List<Received<T>> events, Outputs outputs) throws Exception;
    }

    /** A handler of single events. */
    static <T> HandlerBinding<T> single(EventBinding<T> binding, EventHandler<T> handler) {
        return new HandlerBinding<>(
                binding,
                (one, outputs) -> handler.handle(one.get(0).event(), one.get(0).delivery()),
                1);
    }

    /** A handler of several events at once. */
    static <T> HandlerBinding<T> batch(EventBinding<T> binding, BatchHandler<T> handler, int most) {
        return new HandlerBinding<>(binding, (events, outputs) -> handler.handle(events), most);
    }

    /** A handler of single events that emits others. */
    static <T> HandlerBinding<T> transform(EventBinding<T> binding, TransformHandler<T> handler) {
        return new HandlerBinding<>(
                binding,
                (one, outputs) -> handler.handle(one.get(0).event(), one.get(0).delivery(), outputs),
                1);
    }

    Received<T> bind(Reading.Known known, EventHeaders headers, Delivery delivery) {
        T payload = binding.read(known.payload());
        return new Received<>(
                new Event<>(payload, known.attributes(), known.version(), headers, known.payload()), delivery);
    }

    /** Handles what this binding has bound. */
    @SuppressWarnings("unchecked") // bind() made them
    void handle(List<Received<?>> events, Outputs outputs) throws Exception {
        body.handle((List<Received<T>>) (List<?>) events, outputs);
    }
}
