package dev.cdp.consumer;

import dev.cdp.core.event.Event;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.wire.Reading;

/** A handler and the class that it wants payloads as. */
record HandlerBinding<T>(EventBinding<T> binding, EventHandler<T> handler) {

    void handle(Reading.Known known, EventHeaders headers, Delivery delivery) throws Exception {
        T payload = binding.read(known.payload());
        handler.handle(new Event<>(payload, known.attributes(), known.version(), headers, known.payload()), delivery);
    }
}
