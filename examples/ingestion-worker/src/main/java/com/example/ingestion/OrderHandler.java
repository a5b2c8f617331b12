package com.example.ingestion;

import dev.cdp.consumer.Delivery;
import dev.cdp.consumer.EventHandler;
import dev.cdp.consumer.RejectedEventException;
import dev.cdp.core.event.Event;
import java.time.Clock;
import java.time.Duration;

/** Keeps each order. What it throws decides: a rejection is a dead letter at once, anything else is tried again. */
final class OrderHandler implements EventHandler<OrderPlaced> {

    private static final Duration LATEST = Duration.ofHours(1);

    private final Orders orders;
    private final Clock clock;

    OrderHandler(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    @Override
    public void handle(Event<OrderPlaced> event, Delivery delivery) throws Exception {
        OrderPlaced order = event.payload();
        if (order.placedAt().isAfter(clock.instant().plus(LATEST))) {
            throw new RejectedEventException("placed_at is more than an hour ahead"); // says why, and no value
        }
        orders.keep(event.id(), order);
    }
}
