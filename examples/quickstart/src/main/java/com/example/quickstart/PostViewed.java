package com.example.quickstart;

import java.time.Instant;

/** A person had a post on screen for at least one second. */
public record PostViewed(String actorId, String postId, Instant occurredAt, int dwellMs) {}
