package dev.cdp.producer;

import java.time.Instant;
import java.time.InstantSource;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.EventFields;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventIds;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a payload: its attributes, the record's key and timestamp, and what the caller added.
 *
 * @param keyOrNull the key's text
 * @param timestamp when it was published
 */
record Envelope(EventAttributes attributes, @Nullable String keyOrNull, Instant timestamp, PublishOptions options) {

    /** Makes envelopes. Thread-safe. */
    static final class Maker {

        private final Catalog catalog;
        private final EventIds ids;
        private final InstantSource clock;

        Maker(Catalog catalog, EventIds ids, InstantSource clock) {
            this.catalog = catalog;
            this.ids = ids;
            this.clock = clock;
        }

        /** The envelope of a record that deletes a key: an event id and a time, and nothing of a payload. */
        Envelope tombstone(EventDefinition event, PublishOptions options) {
            Instant now = clock.instant();
            EventAttributes attributes = new EventAttributes(
                    options.id().orElseGet(ids::next),
                    event.name(),
                    catalog.source(),
                    options.time().orElse(now),
                    null,
                    event.dataSchema());
            return new Envelope(attributes, options.keyOrNull(), now, options);
        }

        /** The envelope of a probe: its key is its type, so that a compacted topic takes it and keeps one. */
        Envelope probe() {
            Instant now = clock.instant();
            EventAttributes attributes =
                    new EventAttributes(ids.next(), CloudEvents.PROBE_TYPE, catalog.source(), now, null, null);
            return new Envelope(attributes, CloudEvents.PROBE_TYPE, now, PublishOptions.none());
        }

        Envelope of(Outgoing event, byte[] json) {
            PublishOptions options = event.options();
            EventFields fields = event.event().fields(json);
            Instant now = clock.instant();
            EventAttributes attributes = new EventAttributes(
                    options.id().orElseGet(ids::next),
                    event.event().name(),
                    catalog.source(),
                    fields.time().or(options::time).orElse(now),
                    fields.subjectOrNull(),
                    event.event().dataSchema());
            return new Envelope(attributes, options.key().or(fields::key).orElse(null), now, options);
        }
    }
}
