package dev.cdp.core.event;

/**
 * A property that a class writes.
 *
 * @param name its name in JSON
 * @param value what it holds where it is not left out
 */
public record BoundProperty(String name, BoundValue value) {}
