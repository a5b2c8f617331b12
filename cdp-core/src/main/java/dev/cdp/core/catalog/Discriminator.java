package dev.cdp.core.catalog;

/**
 * How an event is told on a topic that it shares, where a record does not name it in a header.
 *
 * @param field JSON Pointer of a field in the payload, the same for every event on the topic
 * @param value the text that the field holds in this event, and in no other one
 */
public record Discriminator(String field, String value) {}
