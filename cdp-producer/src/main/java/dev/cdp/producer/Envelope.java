package dev.cdp.producer;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.EventFields;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventIds;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a payload: its attributes, the record's key and timestamp, and what the caller added.
 *
 * @param shared the headers of the attributes that all events of the type have
 * @param keyOrNull the key's text
 * @param timestamp when it was published
 */
record Envelope(
        EventAttributes attributes,
        List<Header> shared,
        @Nullable String keyOrNull,
        Instant timestamp,
        PublishOptions options) {

    /** Makes envelopes. Thread-safe. */
    static final class Maker {

        private final Catalog catalog;
        private final EventIds ids;
        private final InstantSource clock;
        private final Map<String, List<Header>> shared = new HashMap<>();

        Maker(Catalog catalog, EventIds ids, InstantSource clock) {
            this.catalog = catalog;
            this.ids = ids;
            this.clock = clock;
            for (EventDefinition event : catalog.events()) {
                shared.put(
                        event.name(),
                        shared(new EventAttributes(
                                "", event.name(), catalog.source(), Instant.EPOCH, null, event.dataSchema())));
            }
        }

        private static List<Header> shared(EventAttributes attributes) {
            List<Header> headers = new ArrayList<>();
            CloudEvents.writeShared(attributes, (name, value) -> headers.add(new RecordHeader(name, value)));
            return List.copyOf(headers);
        }

        /** The envelope of a record that deletes a key: an event id and a time, and nothing of a payload. */
        Envelope tombstone(EventDefinition event, PublishOptions options) {
            return of(event, options, EventFields.none());
        }

        /** The envelope of a probe: its key is its type, so that a compacted topic takes it and keeps one. */
        Envelope probe() {
            Instant now = clock.instant();
            EventAttributes attributes = new EventAttributes(
                    ids.next(now.toEpochMilli()), CloudEvents.PROBE_TYPE, catalog.source(), now, null, null);
            return new Envelope(attributes, shared(attributes), CloudEvents.PROBE_TYPE, now, PublishOptions.none());
        }

        Envelope of(Outgoing event, byte[] json) {
            return of(event.event(), event.options(), event.event().fields(json));
        }

        private Envelope of(EventDefinition event, PublishOptions options, EventFields fields) {
            Instant now = clock.instant();
            EventAttributes attributes = new EventAttributes(
                    options.idOrNull() == null ? ids.next(now.toEpochMilli()) : options.idOrNull(),
                    event.name(),
                    catalog.source(),
                    time(fields, options, now),
                    fields.subjectOrNull(),
                    event.dataSchema());
            String key = options.keyOrNull() == null ? fields.keyOrNull() : options.keyOrNull();
            return new Envelope(attributes, Objects.requireNonNull(shared.get(event.name())), key, now, options);
        }

        private static Instant time(EventFields fields, PublishOptions options, Instant now) {
            if (fields.timeOrNull() != null) {
                return fields.timeOrNull();
            }
            return options.timeOrNull() == null ? now : options.timeOrNull();
        }
    }
}
