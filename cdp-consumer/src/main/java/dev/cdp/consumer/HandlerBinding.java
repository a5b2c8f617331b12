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
record HandlerBinding<T>(EventBinding<T> binding, BatchHandler<T> handler, int most) {

    /** A handler of single events. */
    static <T> HandlerBinding<T> single(EventBinding<T> binding, EventHandler<T> handler) {
        return new HandlerBinding<>(
                binding, one -> handler.handle(one.get(0).event(), one.get(0).delivery()), 1);
    }

    Received<T> bind(Reading.Known known, EventHeaders headers, Delivery delivery) {
        T payload = binding.read(known.payload());
        return new Received<>(
                new Event<>(payload, known.attributes(), known.version(), headers, known.payload()), delivery);
    }

    /** Handles what this binding has bound. */
    @SuppressWarnings("unchecked") // bind() made them
    void handle(List<Received<?>> events) throws Exception {
        handler.handle((List<Received<T>>) (List<?>) events);
    }
}
