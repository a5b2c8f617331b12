package dev.cdp.testkit;

import java.time.Instant;

record OrderPlaced(String orderId, Instant placedAt, long amountCents, String coupon) {}
