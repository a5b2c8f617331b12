package dev.cdp.example.social;

/**
 * The video that an event is about.
 *
 * @param id the video
 * @param authorId who uploaded it
 * @param durationMs how long it lasts, in milliseconds
 * @param live whether it was streamed as it happened
 */
public record Video(String id, String authorId, int durationMs, boolean live) {}
