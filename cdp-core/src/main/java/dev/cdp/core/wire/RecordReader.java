package dev.cdp.core.wire;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.Discriminator;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.catalog.EventFields;
import dev.cdp.core.event.CloudEvents;
import dev.cdp.core.event.DeadLetterReason;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.event.EventHeaders;
import dev.cdp.core.event.EventIds;
import org.jspecify.annotations.Nullable;

/**
 * Reads records as events: CloudEvents binary mode, or the bare payload where its discriminator tells the event, or its
 * topic carries a single one. What a record does not say of itself is filled in so that it is the same at every read.
 * Thread-safe.
 */
public final class RecordReader {

    private static final int MAX_SHOWN = 80;
    private static final int MAX_LISTED = 20;

    private final Catalog catalog;

    /** A reader of the events of a catalog. */
    public RecordReader(Catalog catalog) {
        this.catalog = Objects.requireNonNull(catalog, "catalog");
    }

    /** What a record is. Never throws, whatever it holds. */
    public Reading read(IncomingRecord in) {
        byte[] value = in.value();
        if (value == null) {
            return new Reading.Tombstone();
        }
        String type = in.headers().text(CloudEvents.TYPE).orElse("");
        EventDefinition definition =
                (type.isEmpty() ? catalog.eventOn(in.topic(), value) : catalog.event(type)).orElse(null);
        if (definition == null) {
            return new Reading.Unknown(DeadLetterReason.UNKNOWN_EVENT, unknown(in, type), shown(type));
        }
        try {
            return event(in, definition, value);
        } catch (DateTimeException | IllegalArgumentException e) {
            return new Reading.Unknown(
                    DeadLetterReason.UNDECODABLE,
                    "header " + broken(in.headers()) + " cannot be read; expected CloudEvents 1.0 binary mode",
                    definition.name());
        }
    }

    private Reading event(IncomingRecord in, EventDefinition definition, byte[] value) {
        EventHeaders headers = in.headers();
        URI dataSchema = headers.text(CloudEvents.DATA_SCHEMA).map(URI::create).orElse(null);
        OptionalInt carried = dataSchema == null ? OptionalInt.empty() : CloudEvents.version(dataSchema);
        int version = carried.orElse(definition.version());
        if (definition.schema(version).isEmpty()) {
            return new Reading.Unknown(
                    DeadLetterReason.UNKNOWN_VERSION,
                    "version " + version + " of " + definition.name() + " is not in the catalog, which knows "
                            + definition.versions().keySet() + "; add it and redrive",
                    definition.name());
        }
        Optional<Instant> time = CloudEvents.time(headers);
        Optional<String> subject = headers.text(CloudEvents.SUBJECT);
        EventFields fields = time.isPresent() && subject.isPresent() ? null : definition.fields(value);
        EventAttributes attributes = new EventAttributes(
                headers.text(CloudEvents.ID)
                        .orElseGet(() -> EventIds.ofRecord(in.topicId(), in.partition(), in.offset())),
                definition.name(),
                headers.text(CloudEvents.SOURCE).map(URI::create).orElse(catalog.source()),
                time.or(() -> time(fields)).orElse(in.timestamp()),
                subject.or(() -> subject(fields)).orElse(null),
                dataSchema);
        return new Reading.Known(definition, version, attributes, value);
    }

    private static Optional<Instant> time(@Nullable EventFields fields) {
        return fields == null ? Optional.empty() : fields.time();
    }

    private static Optional<String> subject(@Nullable EventFields fields) {
        return fields == null ? Optional.empty() : fields.subject();
    }

    private String unknown(IncomingRecord in, String type) {
        if (!type.isEmpty()) {
            return "the catalog has no event '" + shown(type) + "'" + catalog.didYouMean(shown(type));
        }
        String missing = "no " + CloudEvents.TYPE + " header, and ";
        List<EventDefinition> events = catalog.eventsOn(in.topic());
        List<Discriminator> discriminators = events.stream()
                .map(EventDefinition::discriminator)
                .flatMap(Optional::stream)
                .toList();
        if (discriminators.isEmpty()) {
            return missing + "topic " + in.topic() + " carries " + events.size()
                    + " events, so it cannot be told which one this is";
        }
        List<String> values = discriminators.stream()
                .map(Discriminator::value)
                .limit(MAX_LISTED)
                .toList();
        return missing + "field " + discriminators.get(0).field() + " tells none of the events on topic " + in.topic()
                + "; expected one of " + values + (values.size() < discriminators.size() ? " and others" : "");
    }

    private static String broken(EventHeaders headers) {
        try {
            CloudEvents.time(headers);
        } catch (DateTimeException e) {
            return CloudEvents.TIME;
        }
        return CloudEvents.DATA_SCHEMA + " or " + CloudEvents.SOURCE;
    }

    /** A name out of a record is anything at all: what is shown of it is short and printable. */
    private static String shown(String name) {
        String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "…";
    }
}
