package com.example.app;

import java.time.Instant;

/** A person opened an account; the country is ISO 3166's two letters. */
public record AccountCreated(String accountId, Instant createdAt, String country) {}
