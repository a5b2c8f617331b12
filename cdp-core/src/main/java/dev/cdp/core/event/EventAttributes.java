package dev.cdp.core.event;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;

/**
 * What is known of an event beside its payload: the CloudEvents 1.0 context attributes.
 *
 * @param id unique for its source; the same at every delivery and redrive
 * @param type the event's name in the catalog
 * @param source who published it, a URI reference
 * @param time when it happened
 * @param subjectOrNull what it is about, as {@code type:id}
 * @param dataSchemaOrNull the schema it was written with; its path ends in {@code /event/version}
 */
public record EventAttributes(
        String id,
        String type,
        URI source,
        Instant time,
        @Nullable String subjectOrNull,
        @Nullable URI dataSchemaOrNull) {

    /** What it is about, as {@code type:id}. */
    public Optional<String> subject() {
        return Optional.ofNullable(subjectOrNull);
    }

    /** The schema it was written with. */
    public Optional<URI> dataSchema() {
        return Optional.ofNullable(dataSchemaOrNull);
    }

    /** The schema version that {@link #dataSchema()} ends in, if it does end in a number. */
    public OptionalInt version() {
        return dataSchemaOrNull == null ? OptionalInt.empty() : CloudEvents.version(dataSchemaOrNull);
    }
}
