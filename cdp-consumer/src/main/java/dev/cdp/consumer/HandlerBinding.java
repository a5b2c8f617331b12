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
record HandlerBinding<T>(Function<byte[], T> reader, BatchHandler<T> handler, int most) {

    /** A handler of single events. */
    static <T> HandlerBinding<T> single(Function<byte[], T> reader, EventHandler<T> handler) {
        return new HandlerBinding<>(
                reader, one -> handler.handle(one.get(0).event(), one.get(0).delivery()), 1);
    }

    Received<T> bind(Reading.Known known, EventHeaders headers, Delivery delivery) {
        T payload = reader.apply(known.payload());
        return new Received<>(
                new Event<>(payload, known.attributes(), known.version(), headers, known.payload()), delivery);
    }

    /** Handles what this binding has bound. */
    @SuppressWarnings("unchecked") // bind() made them
    void handle(List<Received<?>> events) throws Exception {
        handler.handle((List<Received<T>>) (List<?>) events);
    }
}
