package com.example.app;

import java.time.Instant;

/** A person liked a post. */
public record PostLiked(String actorId, String postId, Instant occurredAt) {}
