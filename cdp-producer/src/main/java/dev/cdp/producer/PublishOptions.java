package dev.cdp.producer;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.EventHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of one event beside its payload. Immutable.
 *
 * @param keyOrNull the record's key, in place of the field that the catalog names
 * @param headers headers beside those of CloudEvents
 * @param idOrNull the event's id, in place of a new one; give the same id when the same event is published again
 * @param timeOrNull when it happened, if no field of the payload says so
 * @param traceParentOrNull the W3C trace context that it belongs to
 */
public record PublishOptions(
        @Nullable String keyOrNull,
        EventHeaders headers,
        @Nullable String idOrNull,
        @Nullable Instant timeOrNull,
        @Nullable String traceParentOrNull) {

    private static final int MAX_ID = 256;
    private static final PublishOptions NONE = builder().build();

    /**
     * Checks them.
     *
     * @throws InvalidOptionException if the id or the trace context is malformed, or a header's name is reserved
     */
    public PublishOptions {
        Objects.requireNonNull(headers, "headers");
        if (idOrNull != null && (idOrNull.isBlank() || idOrNull.length() > MAX_ID)) {
            throw new InvalidOptionException(
                    "id: expected 1 to " + MAX_ID + " characters, found " + idOrNull.length() + ", or only blanks");
        }
        if (traceParentOrNull != null && !CloudEvents.isTraceParent(traceParentOrNull)) {
            throw new InvalidOptionException("traceParent: expected W3C's 00-<32 hex>-<16 hex>-<2 hex>, found "
                    + traceParentOrNull.length() + " other characters");
        }
        headers.forEach(header -> refuseReserved(header.name()));
    }

    /** Nothing said. */
    public static PublishOptions none() {
        return NONE;
    }

    /** A builder of which nothing is said. */
    public static Builder builder() {
        return new Builder();
    }

    private static void refuseReserved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("ce_")
                || lower.equals(CloudEvents.CONTENT_TYPE)
                || lower.equals(CloudEvents.TRACE_PARENT)
                || lower.startsWith(DeadLetterHeaders.PREFIX)
                || lower.startsWith(DeadLetterHeaders.CONNECT_PREFIX)) {
            throw new InvalidOptionException("headers: '" + name
                    + "' is written by cdp; use id, time or traceParent, or choose a name of your own");
        }
    }

    /** The record's key. */
    public Optional<String> key() {
        return Optional.ofNullable(keyOrNull);
    }

    /** The event's id. */
    public Optional<String> id() {
        return Optional.ofNullable(idOrNull);
    }

    /** When it happened. */
    public Optional<Instant> time() {
        return Optional.ofNullable(timeOrNull);
    }

    /** The W3C trace context. */
    public Optional<String> traceParent() {
        return Optional.ofNullable(traceParentOrNull);
    }

    /** A builder that begins with what these say. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.key = keyOrNull;
        builder.headers.addAll(headers);
        builder.id = idOrNull;
        builder.time = timeOrNull;
        builder.traceParent = traceParentOrNull;
        return builder;
    }

    /** Names what is said; keys, ids and header values may be personal and are left out. */
    @Override
    public String toString() {
        return "PublishOptions[headers=" + headers + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {

        private final EventHeaders.Builder headers = EventHeaders.builder();
        private @Nullable String key;
        private @Nullable String id;
        private @Nullable Instant time;
        private @Nullable String traceParent;

        private Builder() {}

        /** The record's key, in place of the field that the catalog names. */
        public Builder key(String value) {
            this.key = Objects.requireNonNull(value, "key");
            return this;
        }

        /** Adds a header of UTF-8 text. */
        public Builder header(String name, String value) {
            headers.add(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Adds a header of bytes, which are not copied. */
        public Builder header(String name, byte[] value) {
            headers.add(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** The event's id; the same event published again has the same. */
        public Builder id(String value) {
            if (value.isEmpty()) {
                throw new IllegalArgumentException("id must not be empty; leave it out for a new one");
            }
            this.id = value;
            return this;
        }

        /** When it happened, if no field of the payload says so. */
        public Builder time(Instant value) {
            this.time = Objects.requireNonNull(value, "time");
            return this;
        }

        /** The W3C trace context, {@code 00-<trace id>-<span id>-<flags>}. */
        public Builder traceParent(String value) {
            this.traceParent = Objects.requireNonNull(value, "traceParent");
            return this;
        }

        /**
         * The options so far.
         *
         * @throws InvalidOptionException if one is malformed
         */
        public PublishOptions build() {
            return new PublishOptions(key, headers.build(), id, time, traceParent);
        }
    }
}
