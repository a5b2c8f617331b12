package dev.cdp.consumer;

import dev.cdp.core.event.Event;

/** An event of a batch, and the delivery that brought it. */
public record Received<T>(Event<T> event, Delivery delivery) {}
