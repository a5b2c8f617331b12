package com.example.ingestion;

import java.time.Instant;

/** A customer has placed an order. */
public record OrderPlaced(String orderId, String customerId, Instant placedAt, int cents) {}
