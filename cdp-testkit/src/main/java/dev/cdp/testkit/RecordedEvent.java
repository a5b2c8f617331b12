package dev.cdp.testkit;

import java.util.Optional;

import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.validation.ValidationReport;
import dev.cdp.producer.PublishOptions;
import org.jspecify.annotations.Nullable;

/**
 * An event that a {@link RecordingPublisher} took.
 *
 * @param payload what was published
 * @param json its JSON as it would be sent, UTF-8, not a copy
 * @param keyOrNull the record's key
 * @param attributes its CloudEvents attributes
 * @param options what the caller said of it
 * @param report its violations; none unless the event's mode lets invalid ones pass
 */
@SuppressWarnings("ArrayRecordComponent") // it is looked into, never compared
public record RecordedEvent<T>(
        T payload,
        byte[] json,
        @Nullable String keyOrNull,
        EventAttributes attributes,
        PublishOptions options,
        ValidationReport report) {

    /** The record's key. */
    public Optional<String> key() {
        return Optional.ofNullable(keyOrNull);
    }

    /** Names the event and leaves its payload out. */
    @Override
    public String toString() {
        return "RecordedEvent[" + attributes.type() + " " + attributes.id() + "]";
    }
}
