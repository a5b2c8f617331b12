package dev.cdp.core.catalog;

import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What a payload itself says of its key, its time and its subject, where the catalog tells to look.
 *
 * @param keyOrNull the text of the key field
 * @param timeOrNull the instant of the time field
 * @param subjectOrNull {@code type:id} of the subject
 */
public record EventFields(
        @Nullable String keyOrNull,
        @Nullable Instant timeOrNull,
        @Nullable String subjectOrNull) {

    private static final EventFields NONE = new EventFields(null, null, null);

    /** Of a payload that says nothing of them, or of none. */
    public static EventFields none() {
        return NONE;
    }

    /** The text of the key field. */
    public Optional<String> key() {
        return Optional.ofNullable(keyOrNull);
    }

    /** The instant of the time field. */
    public Optional<Instant> time() {
        return Optional.ofNullable(timeOrNull);
    }

    /** {@code type:id} of the subject. */
    public Optional<String> subject() {
        return Optional.ofNullable(subjectOrNull);
    }
}
